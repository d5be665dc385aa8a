import { jest } from '@jest/globals';
import { detect, experiment, type DetectInput, type DetectResult, type ExperimentResult } from '@radiotracer/workflows';
import { experimentInput } from '../../test/inputs.ts';
import { mockActivities } from '../../test/mock-activities.ts';
import { newWorkflow, startMockedServer, type MockedServer } from '../../test/mocked-worker.ts';

/* Detection of suspects that are no networks of ours, on a real server; the activities compute nothing. */
jest.setTimeout(120_000);
let server: MockedServer;
let marked: ExperimentResult;
const input = experimentInput('/store', { key: '/safe/key' });
beforeAll(async () => {
  server = await startMockedServer();
  const run = () => server.client.workflow.execute(experiment, { ...newWorkflow(), args: [input] });
  marked = await server.withWorker(mockActivities().activities, run);
});
afterAll(() => server?.stop());

interface Detected {
  readonly model: DetectResult['models'][number] | undefined;
  readonly steps: readonly string[];
  readonly inputOf: (step: string) => unknown;
}

async function detected(
  model: DetectInput['models'][number],
  plan: Pick<DetectInput, 'anytime'> = {},
): Promise<Detected> {
  const { activities, calls, inputOf } = mockActivities();
  const args = { ...input, ...plan, marked, models: [model] };
  const run = () => server.client.workflow.execute(detect, { ...newWorkflow(), args: [args] });
  const { models } = await server.withWorker(activities, run);
  return {
    model: models[0],
    steps: calls.map(({ step }) => step),
    inputOf,
  };
}

test('a model that was trained elsewhere is taken in before it is judged', async () => {
  const { model, steps, inputOf } = await detected({ name: 'theirs', weightsSha256: 'd1' });
  expect(inputOf('import-theirs')).toEqual({ weightsSha256: 'd1', test: marked.test });
  expect(model?.network?.stage).toBe('importNetwork');
  expect(inputOf('extract-evidence-theirs')).toMatchObject({ suspect: model?.network });
  expect(steps).toContain('fit-references');
});

test('a suspect in an ONNX file is run by a step of its own, and judged beside references', async () => {
  const onnx = { modelSha256: 'd1', logits: 'scores' };
  const { model, steps, inputOf } = await detected({ name: 'theirs', onnx });
  expect(model?.answers).toMatchObject({ stage: 'askOnnx' });
  const { publication, versions, test } = marked;
  expect(inputOf('ask-onnx-theirs')).toEqual({ keyId: input.keyId, publication, versions, test, onnx });
  const references = expect.objectContaining({ stage: 'fitReferences' });
  expect(inputOf('extract-evidence-theirs')).toMatchObject({ suspect: model?.answers, references });
  expect(steps).toContain('fit-references');
});

test('a suspect that is known by a table is judged by its answers, and nothing is made for white-box tests', async () => {
  const { model, steps, inputOf } = await detected({ name: 'suspect', tableSha256: 't' });
  expect(model?.network).toBeUndefined();
  expect(model?.answers).toMatchObject({ stage: 'readAnswers' });
  const judging = ['extract-evidence-suspect', 'judge-suspect', 'calibrate', 'write-report'];
  expect(steps).toEqual(['read-answers-suspect', ...judging]);
  const { publication, train } = marked;
  expect(inputOf('read-answers-suspect')).toEqual({ keyId: input.keyId, publication, train, tableSha256: 't' });
  expect(inputOf('extract-evidence-suspect')).toMatchObject({ suspect: model?.answers });
  expect(inputOf('extract-evidence-suspect')).not.toHaveProperty('references');
});

const endpoint = { url: 'https://cats.example', protocol: 'torchserve', model: 'cats' } as const;

test('a suspect behind HTTP is asked by a step of its own', async () => {
  const { model, inputOf } = await detected({ name: 'suspect', endpoint });
  expect(model?.answers).toMatchObject({ stage: 'askEndpoint' });
  const { publication, train, versions } = marked;
  expect(inputOf('ask-endpoint-suspect')).toEqual({ keyId: input.keyId, publication, train, versions, endpoint });
});

test('where the anytime-valid test decides, it is asked until that is sure over all planned looks', async () => {
  const { inputOf } = await detected({ name: 'suspect', endpoint }, { anytime: { looks: 3 } });
  const { publication, train, versions, markingNetwork } = marked;
  const anytime = { looks: 3, log10Level: -4, markingNetwork };
  expect(inputOf('ask-endpoint-suspect')).toEqual({
    keyId: input.keyId,
    ...{ publication, train, versions, endpoint, anytime },
  });
  expect(inputOf('judge-suspect')).toMatchObject({ log10Level: -4, test: 'anytime' });
});
