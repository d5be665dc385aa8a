/** @jest-environment ./test/onnx-environment.js */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { type Artifact, runStage, sha256File } from '@radiotracer/store';
import { type NetworkFacts, openNetwork } from '@radiotracer/trainer';

import { imported, tinyExperiment, type TinyExperiment } from '../../../test/tiny-experiment.ts';
import { calibrateTests } from '../calibration.ts';
import { classCosines } from '../class-cosines.ts';
import { judge } from '../judge.ts';
import type { AnsweredSuspect } from '../kept-answers.ts';
import { markedDirection } from '../marked-direction.ts';
import { parseEvidence } from '../parse-evidence.ts';
import type { Evidence, WhiteBoxEvidence } from '../types.ts';
import { parseWeights } from '../weights-text.ts';
import { askOnnx } from './ask-onnx.ts';

jest.setTimeout(120_000);

const fixture = (name: string): string => fileURLToPath(new URL(`../../../test/fixtures/${name}`, import.meta.url));
const ONNX = fixture('resnet18.onnx');
const WEIGHTS = fixture('resnet18.safetensors');
const CLASSES = 3;
/** Of the marking network, which is the suspect's own trunk here. */
const DIMENSION = 16;

type Judged = Evidence & { readonly whiteBox: WhiteBoxEvidence };

let experiment: TinyExperiment;
/** Its last layer, [K, D]. */
let lastLayer: Float32Array;
/** Along which the classes were marked. */
let directions: Float32Array[];
let folder: string;
beforeAll(async () => {
  experiment = await tinyExperiment({ carrierUnit: 'class' }, WEIGHTS);
  folder = await mkdtemp(join(tmpdir(), 'radiotracer-white-box-'));
  const { store, key, input } = experiment;
  const network = openNetwork(store.folder(input.markingNetwork));
  lastLayer = Float32Array.from(network.classWeights.dataSync());
  network.dispose();
  const manifest = JSON.parse(await experiment.manifest()) as Parameters<typeof markedDirection>[1];
  directions = [0, 1, 2].map((label) => markedDirection(key, manifest, label, DIMENSION) as Float32Array);
});
afterAll(async () => {
  await experiment.remove();
  await rm(folder, { recursive: true });
});

async function ask(network: string): Promise<AnsweredSuspect> {
  const { store, locations, input } = experiment;
  const { keyId, versions, publication, test } = input;
  const onnx = { modelSha256: await sha256File(network) };
  const where = { store, locations: { ...locations, network } };
  return runStage(askOnnx, { keyId, versions, publication, test, onnx }, where);
}

async function evidenceOf(suspect: AnsweredSuspect | Artifact<NetworkFacts>): Promise<Judged> {
  const extracted = experiment.store.folder(await experiment.extract({ suspect }));
  return parseEvidence(JSON.parse(await readFile(join(extracted, 'evidence.json'), 'utf8'))) as Judged;
}

const weightsOf = ({ whiteBox }: Judged): Float32Array =>
  parseWeights('', whiteBox.alignedWeights ?? '', CLASSES, whiteBox.dimension);

const byClass = (weights: Float32Array): Float32Array[] =>
  [0, 1, 2].map((c) => weights.slice((c * weights.length) / CLASSES, ((c + 1) * weights.length) / CLASSES));

it('measures', async () => {
  const ours = await imported(experiment.store, WEIGHTS, experiment.input.test);
  const byWeights = await evidenceOf(ours);
  for (const file of ['resnet18.onnx', 'softmax-nhwc.onnx']) {
    const found = await evidenceOf(await ask(fixture(file)));
    console.log(file, byWeights.whiteBox.heldOutR2, found.whiteBox.heldOutR2, byWeights.whiteBox.cosine, found.whiteBox.cosine, byWeights.whiteBox.excessCosine, found.whiteBox.excessCosine, classCosines(weightsOf(found), byClass(weightsOf(byWeights))));
  }
  const marked = await evidenceOf(await ask(await turned(0.5)));
  console.log(marked.whiteBox.cosine, marked.whiteBox.excessCosine);
  const calibrated = calibrateTests([{ name: 'suspect', evidence: marked }], 300);
  console.log(calibrated.tests.map(({ test, isUniform, uniformity, models }) => [test, isUniform, uniformity.log10P, models[0]?.asDrawnLog10P]));
});

/** The ONNX file with each class weight turned towards the direction of its class by so much of its length. */
async function turned(share: number): Promise<string> {
  const changed = lastLayer.map((weight, i) => {
    const c = Math.floor(i / DIMENSION);
    const length = Math.hypot(...lastLayer.subarray(c * DIMENSION, (c + 1) * DIMENSION));
    return weight + share * length * ((directions[c] as Float32Array)[i % DIMENSION] as number);
  });
  const bytes = await readFile(ONNX);
  const at = bytes.indexOf(Buffer.from(lastLayer.buffer));
  expect(at).toBeGreaterThan(0);
  Buffer.from(changed.buffer).copy(bytes, at);
  const file = join(folder, `turned-${share}.onnx`);
  await writeFile(file, bytes);
  return file;
}
