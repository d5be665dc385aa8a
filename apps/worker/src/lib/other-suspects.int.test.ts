import { jest } from '@jest/globals';
import { experiment, type ExperimentInput, type ExperimentResult } from '@radiotracer/workflows';
import { experimentInput } from '../../test/inputs.ts';
import { mockActivities } from '../../test/mock-activities.ts';
import { newWorkflow, startMockedServer, type MockedServer } from '../../test/mocked-worker.ts';

/* Suspects that come about otherwise than the marking network: the workflow on a real server, nothing is computed. */
jest.setTimeout(120_000);
let server: MockedServer;
beforeAll(async () => {
  server = await startMockedServer();
});
afterAll(() => server?.stop());

const input = experimentInput('/store', { key: '/safe/key' });
const run = (given: ExperimentInput): Promise<ExperimentResult> =>
  server.client.workflow.execute(experiment, { ...newWorkflow(), args: [given] });

test('fine-tunes suspect and control from one network, which was trained on the clean corpus', async () => {
  const { activities, inputOf } = mockActivities();
  const pretraining = { ...input.training.suspect, epochs: 5 };
  const { train, published, test, models } = await server.withWorker(activities, () =>
    run({ ...input, training: { ...input.training, pretraining } }),
  );
  const { architecture, training } = input;
  expect(inputOf('pretrain')).toEqual({ train, test, architecture, training: pretraining });
  const start = expect.objectContaining({ stage: 'trainNetwork', facts: { of: 'pretrain' } });
  const network = { test, architecture, start };
  expect(inputOf('train-suspect')).toEqual({ ...network, train: published, training: training.suspect });
  expect(inputOf('train-control')).toEqual({ ...network, train, training: training.controls[0] });
  expect(models[0]?.network?.facts).toEqual({ of: 'train-suspect' });
});

test('students learn on the clean corpus, the suspect from a teacher that saw the published one', async () => {
  const { activities, inputOf } = mockActivities();
  const { seed: _, ...teacher } = { ...input.training.suspect, epochs: 5 };
  const suspectArchitecture: ExperimentInput['architecture'] = { name: 'resnet18', stem: 'small', width: 16 };
  const distilled = { ...input, suspectArchitecture, distillation: { temperature: 2, teacher } };
  const { train, published, test, models } = await server.withWorker(activities, () => run(distilled));
  const { architecture, training } = input;
  const cases = [
    { name: 'suspect', saw: published, own: training.suspect },
    { name: 'control', saw: train, own: training.controls[0] },
  ];
  for (const { name, saw, own } of cases) {
    const taught = { ...teacher, seed: own?.seed };
    expect(inputOf(`train-${name}-teacher`)).toEqual({ train: saw, test, architecture, training: taught });
    expect(inputOf(`train-${name}`)).toEqual({
      ...{ train, test, architecture: suspectArchitecture },
      training: { ...own, seed: 1_000_000 + (own?.seed ?? NaN) },
      distillation: { temperature: 2, teacher: expect.objectContaining({ facts: { of: `train-${name}-teacher` } }) },
    });
  }
  expect(models.map(({ network }) => network?.facts)).toEqual([{ of: 'train-suspect' }, { of: 'train-control' }]);
});

test('trains suspect and control, and no other network, with the architecture that they have of their own', async () => {
  const { activities, inputOf } = mockActivities();
  const suspectArchitecture: ExperimentInput['architecture'] = { name: 'vgg16', stem: 'imagenet', width: 16 };
  await server.withWorker(activities, () => run({ ...input, suspectArchitecture }));
  const architectureOf = (step: string): unknown => (inputOf(step) as { architecture: unknown }).architecture;
  expect(architectureOf('train-marking-network')).toEqual(input.architecture);
  expect(architectureOf('train-suspect')).toEqual(suspectArchitecture);
  expect(architectureOf('train-control')).toEqual(suspectArchitecture);
});
