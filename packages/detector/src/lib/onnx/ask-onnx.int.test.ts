/** @jest-environment ./test/onnx-environment.js */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { join } from 'node:path';
import { ImageShards } from '@radiotracer/corpus';
import { type Artifact, runStage, sha256File } from '@radiotracer/store';
import type { NetworkFacts } from '@radiotracer/trainer';

import { imported, tinyExperiment, type TinyExperiment, VERSIONS } from '../../../test/tiny-experiment.ts';
import type { AnsweredSuspect } from '../kept-answers.ts';
import { parseEvidence } from '../parse-evidence.ts';
import type { Evidence } from '../types.ts';
import { askOnnx } from './ask-onnx.ts';
import { OnnxNetwork } from './onnx-network.ts';

jest.setTimeout(60_000);

const QUERIES = 12 * VERSIONS;
const TEST_IMAGES = 90;
const fixture = (name: string): string => fileURLToPath(new URL(`../../../test/fixtures/${name}`, import.meta.url));
const WEIGHTS = fixture('resnet18.safetensors');

let experiment: TinyExperiment;
/** The same weights, run by TensorFlow. */
let ours: Artifact<NetworkFacts>;
beforeAll(async () => {
  experiment = await tinyExperiment({ carrierUnit: 'image' });
  ours = await imported(experiment.store, WEIGHTS, experiment.input.test);
});
afterAll(() => experiment.remove());

async function ask(
  name: string,
  { signal, report, ...changes }: { modelSha256?: string; signal?: AbortSignal; report?: (done: number) => void } = {},
): Promise<AnsweredSuspect> {
  const network = fixture(name);
  const { store, locations, input } = experiment;
  const { keyId, versions, publication, test } = input;
  const onnx = { modelSha256: await sha256File(network), ...changes };
  return runStage(
    askOnnx,
    { keyId, versions, publication, test, onnx },
    {
      ...{ store, locations: { ...locations, network } },
      ...(signal && { signal }),
      ...(report && { report: ({ done }) => report(done) }),
    },
  );
}

async function evidenceOf(suspect: AnsweredSuspect | Artifact<NetworkFacts>): Promise<Evidence> {
  const folder = experiment.store.folder(await experiment.extract({ suspect }));
  return parseEvidence(JSON.parse(await readFile(join(folder, 'evidence.json'), 'utf8')));
}

function largestDifference(a: Evidence, b: Evidence): number {
  const [x, y] = [a, b].map(({ marked }) => marked.suspectLoss.flat());
  return Math.max(...(x ?? []).map((loss, i) => Math.abs(loss - (y?.[i] as number))));
}

describe('a network in an ONNX file', () => {
  it('gives the losses that the same weights give on TensorFlow', async () => {
    const suspect = await ask('resnet18.onnx');
    const modelSha256 = await sha256File(fixture('resnet18.onnx'));
    expect(suspect.facts).toMatchObject({ answers: 'logits', queries: 8 * QUERIES, views: 8, modelSha256 });
    expect(suspect.facts).toMatchObject({ testAccuracy: ours.facts.testAccuracy });
    const [found, expected] = [await evidenceOf(suspect), await evidenceOf(ours)];
    expect(found.suspect).toEqual({ key: suspect.key, weightsSha256: modelSha256 });
    expect([found.whiteBox?.inferredFrom, expected.whiteBox?.inferredFrom]).toEqual(['logits', undefined]);
    expect(new Set(expected.marked.suspectLoss.flat()).size).toBeGreaterThan(QUERIES / 2); // they do tell images apart
    expect(largestDifference(found, expected)).toBeLessThan(1e-4);
  });

  it('gives it too with its channels last, batches of its own size and a softmax at its end', async () => {
    const suspect = await ask('softmax-nhwc.onnx');
    expect(suspect.facts.answers).toBe('probabilities');
    const found = await evidenceOf(suspect);
    expect(largestDifference(found, await evidenceOf(ours))).toBeLessThan(1e-4);
    expect(found.whiteBox?.inferredFrom).toBe('probabilities');
  });

  it('gives the same bits after it was cut off, and reports how far it is', async () => {
    const network = 'softmax-nhwc.onnx';
    const whole = await ask(network);
    const read = ({ store }: TinyExperiment, of: Artifact): Promise<Buffer[]> =>
      Promise.all(['losses.json', 'test-scores.f32'].map((file) => readFile(join(store.folder(of), file))));
    const files = await read(experiment, whole);
    expect(files[1]).toHaveLength(4 * TEST_IMAGES * 3);
    const other = await tinyExperiment({ carrierUnit: 'image' }); // the same, in a store that has nothing of it yet
    const before = experiment;
    experiment = other;
    try {
      const abort = new AbortController();
      const stop = (done: number): void => (done > QUERIES ? abort.abort(new Error('power cut')) : undefined);
      await expect(ask(network, { signal: abort.signal, report: stop })).rejects.toThrow('power cut');
      const reported: number[] = [];
      const again = await ask(network, { report: (done) => reported.push(done) });
      expect(reported[0]).toBe(QUERIES + 5); // the versions are not looked at again
      expect(reported.at(-1)).toBe(8 * QUERIES + TEST_IMAGES);
      expect(await read(other, again)).toEqual(files);
    } finally {
      experiment = before;
      await other.remove();
    }
  });

  it('that was changed since it was named is refused', async () => {
    const modelSha256 = '0'.repeat(64);
    await expect(ask('resnet18.onnx', { modelSha256 })).rejects.toThrow(
      /^onnx: .*resnet18\.onnx: its SHA-256 is \w{64}, not 0{64}; it was changed since$/,
    );
  });
});

describe('an ONNX file', () => {
  const corpus = { height: 16, width: 16, classes: 3 };
  const open = async (name: string, logits?: string): Promise<OnnxNetwork> =>
    OnnxNetwork.open(name, await readFile(fixture(name)), corpus, logits);

  it.each<[string, RegExp]>([
    ['generate-onnx.py', /: cannot be loaded \(.*protobuf parsing failed\.?\)$/],
    ['elsewhere.onnx', /: cannot be loaded \(.*Invention.*\)$/],
    [
      'external.onnx',
      /: it keeps weights in another file, .*; make one file of both: python -c ".*" 'external\.onnx' /,
    ],
    ['bytes.onnx', /: the input images \[N, 3, 16, 16\] is uint8; expected float32$/],
    [
      'no-size.onnx',
      /: the input images \[N, C, H, W\] does not tell where its channels are; expected \[N, 3, H, W\] or/,
    ],
    ['other-size.onnx', /: the input images \[N, 3, 32, 32\] takes images of 32×32 pixels, the corpus has 16×16; /],
    ['other-classes.onnx', /: found the output logits \[N, 5\], expected float32 \[N, 3\]: the corpus’ classes$/],
    ['two-outputs.onnx', /: found the outputs features \[N, 3\], logits \[N, 3\], any of which .* --logits <output>$/],
    ['no-number.onnx', /: its output logits: logits: found NaN, expected finite numbers that float32 can hold$/],
  ])('%s is refused in one line that names it', async (name, message) => {
    const opening = open(name);
    await expect(opening).rejects.toMatchObject({ name: 'OnnxError', retryable: false });
    await expect(opening).rejects.toThrow(message);
    await expect(opening).rejects.toThrow(new RegExp(`^onnx: ${name}: [^\n]*$`));
  });

  it('with several outputs that may be the logits is read where they are named', async () => {
    const network = await open('two-outputs.onnx', 'logits');
    await network.close();
    await expect(open('two-outputs.onnx', 'scores')).rejects.toThrow(
      'found the outputs features [N, 3], logits [N, 3], not "scores"; name one of them',
    );
  });
});

it('has our own network’s logits on the same weights', async () => {
  const { openNetwork } = await import('@radiotracer/trainer');
  const { normalise, tf } = await import('@radiotracer/nets');
  const { store, input } = experiment;
  const shards = await ImageShards.open(store.folder(input.test));
  const images = normalise(shards.read([0, 1, 2, 3, 4, 5, 6]));
  shards.close();
  const tensor = tf.tensor(images, [7, 16, 16, 3]);
  const network = openNetwork(store.folder(ours));
  const { features, logits } = network.logits(tensor);
  const expected = [...logits.dataSync()];
  network.dispose();
  tf.dispose([tensor, features, logits]);
  const bytes = await readFile(fixture('resnet18.onnx'));
  const onnx = await OnnxNetwork.open('resnet18.onnx', bytes, { height: 16, width: 16, classes: 3 });
  const found = [...(await onnx.scores(images))];
  await onnx.close();
  expect(found).toHaveLength(expected.length);
  found.forEach((value, i) => expect(value).toBeCloseTo(expected[i] as number, 4));
});
