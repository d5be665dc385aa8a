/** @jest-environment ./test/onnx-environment.js */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { PublicationManifest } from '@radiotracer/carriers';
import { ImageShards } from '@radiotracer/corpus';
import { runStage, sha256File } from '@radiotracer/store';
import { openNetwork } from '@radiotracer/trainer';

import { cosine, directFit, directOutput, dot, transpose } from '../../../test/direct-computation.ts';
import { tinyExperiment, type TinyExperiment } from '../../../test/tiny-experiment.ts';
import { calibrateTests } from '../calibration.ts';
import { markedDirection } from '../marked-direction.ts';
import { parseEvidence } from '../parse-evidence.ts';
import type { Evidence, WhiteBoxEvidence } from '../types.ts';
import { parseWeights } from '../weights-text.ts';
import { whiteBoxTests } from '../white-box-test.ts';
import { askOnnx } from './ask-onnx.ts';

jest.setTimeout(120_000);

/** Absolute, on cosines: features in float32 that are nearly dependent, by two libraries; at most 1.2e−3 was measured. */
const TOLERANCE = 5e-3;
/** log10 of what counts as found here. */
const LEVEL = -3;
const DIMENSION = 16;

type Matrix = readonly (readonly number[])[];

const fixture = (name: string): string => fileURLToPath(new URL(`../../../test/fixtures/${name}`, import.meta.url));

/** The suspects' own trunk is the marking network. */
let experiment: TinyExperiment;
/** Of the test split, [N][D]. */
let features: Matrix;
/** Of the last layer, [K][D]. */
let classWeights: Matrix;
/** Along which the classes were marked, [K][D]. */
let directions: Matrix;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'radiotracer-white-box-'));
  experiment = await tinyExperiment({ carrierUnit: 'class' }, fixture('resnet18.safetensors'));
  const { store, key, input } = experiment;
  const test = await ImageShards.open(store.folder(input.test));
  const network = openNetwork(store.folder(input.markingNetwork));
  ({ features } = directOutput(network, test));
  classWeights = network.classWeights.arraySync();
  network.dispose();
  test.close();
  const manifest = JSON.parse(await experiment.manifest()) as PublicationManifest;
  directions = classWeights.map((_, label) => [...(markedDirection(key, manifest, label, DIMENSION) ?? [])]);
});
afterAll(async () => {
  await experiment.remove();
  await rm(folder, { recursive: true });
});

type Inferred = Evidence & { readonly whiteBox: WhiteBoxEvidence };

async function evidenceOf(network: string): Promise<Inferred> {
  const { store, locations, input } = experiment;
  const { keyId, versions, publication, test } = input;
  const onnx = { modelSha256: await sha256File(network) };
  const where = { store, locations: { ...locations, network } };
  const suspect = await runStage(askOnnx, { keyId, versions, publication, test, onnx }, where);
  const extracted = store.folder(await experiment.extract({ suspect }));
  return parseEvidence(JSON.parse(await readFile(join(extracted, 'evidence.json'), 'utf8'))) as Inferred;
}

/** A w_c by class. */
function alignedWeights({ whiteBox }: Inferred): number[][] {
  const weights = parseWeights('', whiteBox.alignedWeights ?? '', classWeights.length, DIMENSION);
  return classWeights.map((_, c) => Array.from(weights.subarray(c * DIMENSION, (c + 1) * DIMENSION)));
}

/** Less the mean of each column. */
function centred(matrix: Matrix): number[][] {
  const means = transpose(matrix).map((column) => column.reduce((sum, value) => sum + value, 0) / column.length);
  return matrix.map((row) => row.map((value, i) => value - (means[i] as number)));
}

/** The network in an ONNX file of its own, with each class weight turned towards the direction of its class. */
async function turned(): Promise<string> {
  const bytes = await readFile(fixture('resnet18.onnx'));
  const at = bytes.indexOf(Buffer.from(Float32Array.from(classWeights.flat()).buffer));
  expect(at).toBeGreaterThan(0);
  const weights = classWeights.map((w, c) => {
    const length = Math.hypot(...w);
    return w.map((value, i) => value + length * (directions[c]?.[i] as number));
  });
  bytes.set(Buffer.from(Float32Array.from(weights.flat()).buffer), at);
  const file = join(folder, 'turned.onnx');
  await writeFile(file, bytes);
  return file;
}

describe('the white box of a network in an ONNX file', () => {
  it.each([
    ['logits', 'resnet18.onnx'],
    ['probabilities', 'softmax-nhwc.onnx'],
  ])('is the fit of its %s, in double precision, to the marking network’s features', async (kind, file) => {
    const evidence = await evidenceOf(fixture(file));
    expect(evidence.whiteBox).toMatchObject({ inferredFrom: kind, dimension: DIMENSION });
    const known = kind === 'logits' ? classWeights : centred(classWeights); // a softmax leaves their mean open
    const logits = features.map((image) => known.map((w) => dot(image, w))); // less the bias, [N][K]
    const direct = directFit(centred(features), centred(logits));
    const found = alignedWeights(evidence);
    direct.forEach((w, c) => {
      expect(cosine(found[c] ?? [], w)).toBeGreaterThan(0.9999);
      expect(Math.abs((evidence.whiteBox.cosine[c] ?? NaN) - cosine(w, directions[c] ?? []))).toBeLessThan(TOLERANCE);
      // Of random networks, whose features hardly vary in some directions; trained ones agree better, see the README.
      if (kind === 'logits') expect(cosine(found[c] ?? [], classWeights[c] ?? [])).toBeGreaterThan(0.8);
    });
    expect(evidence.whiteBox.heldOutR2).toBeGreaterThan(0.99);
  });

  it('is turned towards the carriers where its last layer is, and not where it never saw them', async () => {
    const log10Ps = async (file: string): Promise<number[]> =>
      whiteBoxTests(await evidenceOf(file)).map(({ log10P }) => log10P);
    const [found, clean] = [await log10Ps(await turned()), await log10Ps(fixture('resnet18.onnx'))];
    expect(found).toHaveLength(3);
    expect(Math.max(...found)).toBeLessThan(LEVEL);
    expect(Math.min(...clean)).toBeGreaterThan(LEVEL);
  });

  it('makes uniform p-values of other keys, be it turned or not', async () => {
    const [found, clean] = [await evidenceOf(await turned()), await evidenceOf(fixture('softmax-nhwc.onnx'))];
    const models = [found, clean].map((evidence, i) => ({ name: `suspect ${i}`, evidence }));
    const tests = calibrateTests(models, 300).tests.filter(({ test }) => test.startsWith('white-box'));
    expect(tests.map(({ draws, isUniform }) => [draws, isUniform])).toEqual(Array(3).fill([600, true]));
  });
});
