/** @jest-environment ./test/onnx-environment.js */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { type Artifact, runStage, sha256File } from '@radiotracer/store';
import { openNetwork, type NetworkFacts } from '@radiotracer/trainer';

import { imported, tinyExperiment, type TinyExperiment } from '../../../test/tiny-experiment.ts';
import type { AnsweredSuspect } from '../kept-answers.ts';
import { markedDirection } from '../marked-direction.ts';
import { parseEvidence } from '../parse-evidence.ts';
import type { WhiteBoxEvidence } from '../types.ts';
import { parseWeights } from '../weights-text.ts';
import { askOnnx } from './ask-onnx.ts';

jest.setTimeout(120_000);

const fixture = (name: string): string => fileURLToPath(new URL(`../../../test/fixtures/${name}`, import.meta.url));
const ONNX = fixture('resnet18.onnx');
const WEIGHTS = fixture('resnet18.safetensors');

let folder: string;
beforeAll(async () => (folder = await mkdtemp(join(tmpdir(), 'radiotracer-white-box-'))));
afterAll(() => rm(folder, { recursive: true }));

async function whiteBoxOf(
  experiment: TinyExperiment,
  suspect: AnsweredSuspect | Artifact<NetworkFacts>,
): Promise<WhiteBoxEvidence> {
  const extracted = experiment.store.folder(await experiment.extract({ suspect }));
  const { whiteBox } = parseEvidence(JSON.parse(await readFile(join(extracted, 'evidence.json'), 'utf8')));
  return whiteBox as WhiteBoxEvidence;
}

async function ask({ store, locations, input }: TinyExperiment, network: string): Promise<AnsweredSuspect> {
  const { keyId, versions, publication, test } = input;
  const onnx = { modelSha256: await sha256File(network) };
  return runStage(
    askOnnx,
    { keyId, versions, publication, test, onnx },
    { store, locations: { ...locations, network } },
  );
}

it('measures', async () => {
  for (const weights of [undefined, WEIGHTS]) {
    const experiment = await tinyExperiment({ carrierUnit: 'class' }, weights);
    const ours = await imported(experiment.store, WEIGHTS, experiment.input.test);
    const byWeights = await whiteBoxOf(experiment, ours);
    for (const file of ['resnet18.onnx', 'softmax-nhwc.onnx']) {
      const byLogits = await whiteBoxOf(experiment, await ask(experiment, fixture(file)));
      const parse = (w: WhiteBoxEvidence) => parseWeights('', w.alignedWeights ?? '', 3, w.dimension);
      console.log(
        file,
        byWeights.heldOutR2,
        byLogits.heldOutR2,
        byWeights.cosine,
        byLogits.cosine,
        byWeights.excessCosine,
        byLogits.excessCosine,
        cosines(parse(byWeights), parse(byLogits), byWeights.dimension),
      );
    }
    await experiment.remove();
  }
});

function cosines(a: Float32Array, b: Float32Array, d: number): number[] {
  return [0, 1, 2].map((c) => {
    let [ab, aa, bb] = [0, 0, 0];
    for (let i = c * d; i < (c + 1) * d; i++) {
      ab += a[i]! * b[i]!;
      aa += a[i]! ** 2;
      bb += b[i]! ** 2;
    }
    return ab / Math.sqrt(aa * bb);
  });
}
