import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { carrier, drawPublished, type PublicationManifest } from '@radiotracer/carriers';
import { ImageShards } from '@radiotracer/corpus';
import { type FrozenNetwork, tf } from '@radiotracer/nets';
import { type Artifact, type Progress, runStage } from '@radiotracer/store';
import { type NetworkFacts, openNetwork, trainLastLayer } from '@radiotracer/trainer';

import { cosine, directFit, directMeanLosses, directOutput, dot, transpose } from '../../test/direct-computation.ts';
import {
  KEY_BYTES,
  TINY_DECAYS,
  tinyExperiment,
  type TinyExperiment,
  TRAIN_IMAGES,
  untrained,
  VERSIONS,
} from '../../test/tiny-experiment.ts';
import { classCosines } from './class-cosines.ts';
import { excessWeights } from './excess-weights.ts';
import { judge } from './judge.ts';
import { markedDirection } from './marked-direction.ts';
import type { Evidence, WhiteBoxEvidence } from './types.ts';
import { parseWeights, weightsText } from './weights-text.ts';

jest.setTimeout(60_000);

/** Absolute, on losses of about 1 in float32: sums may be taken in another order in another batch. */
const LOSS_TOLERANCE = 1e-5;
/** Absolute, on cosines and R²: the Gram matrix in float32, of features that are nearly dependent. */
const WHITE_BOX_TOLERANCE = 1e-3;

type NetworkEvidence = Evidence & { readonly whiteBox: WhiteBoxEvidence };

let experiment: TinyExperiment;
let manifest: PublicationManifest;
let artifact: Artifact<{ readonly marked: number }>;
let evidence: NetworkEvidence;
const progress: Progress[] = [];
beforeAll(async () => {
  experiment = await tinyExperiment({ carrierUnit: 'image' });
  manifest = JSON.parse(await experiment.manifest()) as PublicationManifest;
  artifact = await experiment.extract({}, { report: (step) => progress.push(step) });
  evidence = await read(experiment, artifact);
});
afterAll(() => experiment.remove());

let tensorsBefore: number;
beforeEach(() => {
  tensorsBefore = tf.memory().numTensors;
});
afterEach(() => expect(tf.memory().numTensors).toBe(tensorsBefore));

async function read({ store }: TinyExperiment, of: Artifact): Promise<NetworkEvidence> {
  return JSON.parse(await readFile(join(store.folder(of), 'evidence.json'), 'utf8')) as NetworkEvidence;
}

/** Opens a network and shards for the time of a computation. */
async function looking<T>(
  network: Artifact<NetworkFacts>,
  images: Artifact,
  look: (network: FrozenNetwork, shards: ImageShards) => T,
): Promise<T> {
  const opened = openNetwork(experiment.store.folder(network));
  const shards = await ImageShards.open(experiment.store.folder(images));
  const result = look(opened, shards);
  opened.dispose();
  shards.close();
  return result;
}

function expectClose(found: readonly number[], expected: readonly number[], tolerance: number): void {
  expect(found).toHaveLength(expected.length);
  const off = found.map((value, i) => Math.abs(value - (expected[i] as number)));
  expect(Math.max(...off)).toBeLessThan(tolerance);
}

describe('the evidence', () => {
  it('names suspect, commitment and classes', () => {
    const { suspect, publication, train } = experiment.input;
    expect(evidence.suspect).toEqual({ key: suspect.key, weightsSha256: suspect.facts.weightsSha256 });
    expect(evidence.commitment).toBe(publication.facts.commitment);
    expect(evidence.classNames).toEqual(train.facts.classNames);
    expect(artifact.facts).toEqual({ marked: 12 });
  });

  it.each(['suspect', 'markingNetwork'] as const)('holds the losses of the %s on every version', async (which) => {
    const direct = await looking(experiment.input[which], experiment.input.versions, directMeanLosses);
    const { suspectLoss, referenceLoss } = evidence.marked;
    const [found, others] = which === 'suspect' ? [suspectLoss, referenceLoss] : [referenceLoss, suspectLoss];
    expect(found.map((losses) => losses.length)).toEqual(Array(12).fill(VERSIONS));
    expectClose(found.flat(), direct, LOSS_TOLERANCE);
    // Every loss is its own, so one in another place, or of the other network, would be seen.
    const sorted = [...found.flat(), ...others.flat()].sort((a, b) => a - b);
    const gaps = sorted.slice(1).map((loss, i) => loss - (sorted[i] as number));
    expect(gaps.filter((gap) => gap < LOSS_TOLERANCE).length).toBeLessThan(gaps.length / 4);
  });

  it('holds labels, and for each image the version that the key drew, for itself', () => {
    expect(evidence.marked.label).toEqual(manifest.images.map(({ label }) => label));
    expect(evidence.marked.group).toEqual(manifest.images.map(({ row }) => row));
    const drawn = drawPublished(experiment.key, manifest);
    expect(evidence.marked.published).toEqual(drawn);
    expect(new Set(drawn).size).toBe(VERSIONS);
  });

  it('holds the suspect’s losses on the images that are not marked', async () => {
    const all = await looking(experiment.input.suspect, experiment.input.train, (network, shards) =>
      directMeanLosses(network, shards).map((loss, row) => ({ row, label: shards.labels[row] as number, loss })),
    );
    const rows = new Set(manifest.images.map(({ row }) => row));
    const expected = all.filter(({ row }) => !rows.has(row)).sort((a, b) => a.label - b.label || a.loss - b.loss);
    expect(expected).toHaveLength(TRAIN_IMAGES - 12);
    const found = evidence.unmarked.label
      .map((label, i) => ({ label, loss: evidence.unmarked.suspectLoss[i] as number }))
      .sort((a, b) => a.label - b.label || a.loss - b.loss);
    expect(found.map(({ label }) => label)).toEqual(expected.map(({ label }) => label));
    expectClose(
      found.map(({ loss }) => loss),
      expected.map(({ loss }) => loss),
      LOSS_TOLERANCE,
    );
    expect(Object.keys(evidence.unmarked).sort()).toEqual(['label', 'suspectLoss']);
  });

  describe('of the white box', () => {
    let phi: number[][];
    let s: number[][];
    let weights: number[][];
    beforeAll(async () => {
      const { suspect, markingNetwork, test } = experiment.input;
      phi = await looking(markingNetwork, test, (network, shards) => directOutput(network, shards).features);
      [s, weights] = await looking(suspect, test, (network, shards) => [
        directOutput(network, shards).features,
        network.classWeights.arraySync(),
      ]);
    });

    it('holds cosines of the aligned class weights and the carriers that were published', () => {
      const dimension = 32;
      // A·w is what the suspect's logits without bias, S·w, are fitted by.
      const aligned = directFit(phi, s.map((features) => weights.map((w) => dot(features, w)))); // prettier-ignore
      const direct = aligned.map((aw, label) => {
        const images = manifest.images.filter((image) => image.label === label);
        const carriers = images.map(({ row, published: version }) =>
          Array.from(carrier(experiment.key, { unit: 'image', index: row, version, dimension })),
        );
        return cosine(aw, transpose(carriers).map((values) => values.reduce((a, b) => a + b))); // prettier-ignore
      });
      expect(evidence.whiteBox.dimension).toBe(dimension);
      expectClose(evidence.whiteBox.cosine as number[], direct, WHITE_BOX_TOLERANCE);

      const { alignedWeights = '' } = evidence.whiteBox;
      const recorded = parseWeights('aligned', alignedWeights, aligned.length, dimension);
      const scale = Math.hypot(...aligned.flat());
      expectClose(Array.from(recorded, (x: number) => x / scale), aligned.flat().map((x) => x / scale), WHITE_BOX_TOLERANCE); // prettier-ignore
    });

    it('can be redone for any carriers from what was recorded, with the same cosines to the bit', () => {
      const { cosine, excessCosine, alignedWeights = '', referenceWeights = [], dimension } = evidence.whiteBox;
      const directions = cosine.map((_, label) => markedDirection(experiment.key, manifest, label, dimension));
      const parse = (text: string): Float32Array => parseWeights('', text, cosine.length, dimension);
      expect(classCosines(parse(alignedWeights), directions)).toEqual(cosine);
      const excess = excessWeights(parse(alignedWeights), referenceWeights.map(parse), cosine.length);
      expect(classCosines(excess, directions)).toEqual(excessCosine);
    });

    it('takes for references what the last layer becomes on the clean corpus', async () => {
      const { markingNetwork: network, train, test } = experiment.input;
      const { referenceWeights = [] } = evidence.whiteBox;
      expect(referenceWeights).toHaveLength(TINY_DECAYS.length);
      for (const [i, weightDecay] of TINY_DECAYS.entries()) {
        const trained = await runStage(trainLastLayer, { network, train, test, weightDecay }, experiment);
        const fitted = await looking(trained, test, ({ classWeights }) =>
          weightsText(classWeights.dataSync<'float32'>()),
        );
        expect(referenceWeights[i]).toBe(fitted);
      }
    });

    it('has the class weights themselves where the suspect has the features of the marking network', async () => {
      const { markingNetwork: network, train, test } = experiment.input;
      const suspect = await runStage(trainLastLayer, { network, train, test, weightDecay: 0.01 }, experiment);
      const own = await read(experiment, await experiment.extract({ suspect }));
      const fitted = await looking(suspect, test, ({ classWeights }) =>
        weightsText(classWeights.dataSync<'float32'>()),
      );
      expect(own.whiteBox.alignedWeights).toBe(fitted);
      expect(own.whiteBox.heldOutR2).toBe(1);
    });

    it('holds the R² of half of the images under the alignment of the other half', () => {
      const half = phi.length / 2;
      const a = directFit(phi.slice(0, half), s.slice(0, half)); // [E][D]
      const means = transpose(s.slice(half)).map((values) => values.reduce((x, y) => x + y) / half);
      let [residual, total] = [0, 0];
      for (let i = half; i < phi.length; i++) {
        (s[i] as number[]).forEach((value, e) => {
          residual += (value - dot(phi[i] as number[], a[e] as number[])) ** 2;
          total += (value - (means[e] as number)) ** 2;
        });
      }
      expectClose([evidence.whiteBox.heldOutR2 as number], [1 - residual / total], WHITE_BOX_TOLERANCE);
    });
  });

  it.each([
    ['resnet34', 'small', 2, 16],
    ['resnet50', 'imagenet', 2, 64],
    ['densenet121', 'small', 4, 64],
  ] as const)('is taken of a %s as of a network like the marking network', async (name, stem, width, features) => {
    const { store, input } = experiment;
    const suspect = await untrained(store, 9, input.train, (values) => values, { name, stem, width });
    const other = await experiment.extract({ suspect });
    const { marked, whiteBox } = await read(experiment, other);
    expectClose(marked.suspectLoss.flat(), await looking(suspect, input.versions, directMeanLosses), LOSS_TOLERANCE);
    expect(marked.referenceLoss).toEqual(evidence.marked.referenceLoss);

    const phi = await looking(input.markingNetwork, input.test, (n, shards) => directOutput(n, shards).features);
    const [s, weights] = await looking(suspect, input.test, (n, shards) => [
      directOutput(n, shards).features,
      n.classWeights.arraySync(),
    ]);
    expect(s[0]).toHaveLength(features);
    const aligned = directFit(phi, s.map((x) => weights.map((w) => dot(x, w)))); // prettier-ignore
    const found = parseWeights('', whiteBox.alignedWeights ?? '', 3, whiteBox.dimension);
    const scale = Math.hypot(...aligned.flat());
    expectClose(Array.from(found, (x: number) => x / scale), aligned.flat().map((x) => x / scale), WHITE_BOX_TOLERANCE); // prettier-ignore
    expect(whiteBox.cosine.map(Number).every((value) => Math.abs(value) <= 1)).toBe(true);
    const { facts } = await runStage(
      judge,
      { evidence: other, name: 'suspect', log10Level: -4, test: 'exact' },
      { store },
    );
    expect(facts.others).toHaveLength(5);
  });

  it('has the labels for groups where the images of a class share a draw', async () => {
    const shared = await tinyExperiment({ carrierUnit: 'class' });
    const { marked } = await read(shared, await shared.extract());
    const drawn = drawPublished(shared.key, JSON.parse(await shared.manifest()) as PublicationManifest);
    await shared.remove();
    expect(marked.group).toEqual(marked.label);
    expect(marked.published).toEqual(drawn);
  });

  it('holds nothing of the key', async () => {
    const folder = experiment.store.folder(artifact);
    const files = await readdir(folder);
    expect(files.sort()).toEqual(['SHA256SUMS', 'evidence.json', 'manifest.json', 'run.json']);
    for (const file of files) {
      const text = (await readFile(join(folder, file), 'utf8')).toLowerCase();
      for (const encoding of ['hex', 'base64', 'latin1'] as const) {
        expect(text).not.toContain(KEY_BYTES.toString(encoding).toLowerCase().slice(0, 16));
      }
      expect(text).not.toContain([...KEY_BYTES.subarray(0, 4)].join(','));
      if (file === 'evidence.json') expect(text).not.toContain(experiment.key.keyId);
    }
  });

  it('is reported image by image, up to the last', () => {
    const unmarked = TRAIN_IMAGES - 12;
    const total = 8 * (2 * 12 * VERSIONS + unmarked) + 2 * experiment.input.test.facts.count;
    const done = progress.map((step) => step.done);
    expect(done).toEqual([...done].sort((a, b) => a - b));
    expect(progress.at(-1)).toEqual({ done: total, total, unit: 'images' });
  });

  it('comes out the same where its making was stopped, and a piece that was kept is damaged', async () => {
    const elsewhere = await tinyExperiment({ carrierUnit: 'image' });
    const stopAt = async (images: number): Promise<number | undefined> => {
      const abort = new AbortController();
      const done: number[] = [];
      const report = (step: Progress): void => {
        done.push(step.done);
        if (step.done >= images) abort.abort(new Error('power cut'));
      };
      await expect(elsewhere.extract({}, { report, signal: abort.signal })).rejects.toThrow('power cut');
      return done[0];
    };
    const [onVersions, all] = [8 * 12 * VERSIONS, progress.at(-1)?.total as number];
    expect(await stopAt(onVersions + 1)).toBe(0);
    expect(await stopAt(all)).toBe((9 / 8) * onVersions); // the reference's views were kept, and one of the suspect's

    const scratch = join(elsewhere.store.workingFolder(artifact), 'scratch');
    expect((await readdir(scratch)).length).toBe(8 + 8 + 8 + 1 + 1);
    const piece = join(scratch, 'reference-on-versions-3-0.sealed');
    const bytes = await readFile(piece);
    bytes[7] = (bytes[7] as number) ^ 1;
    await writeFile(piece, bytes);
    const again: number[] = [];
    expect(await elsewhere.extract({}, { report: ({ done }) => again.push(done) })).toEqual(artifact);
    expect(again).toEqual([(3 / 8) * onVersions, (4 / 8) * onVersions]);
    await elsewhere.remove();
  });

  it('can be judged', async () => {
    const input = { evidence: artifact, name: 'suspect', log10Level: -4, test: 'exact' };
    const { facts } = await runStage(judge, input, { store: experiment.store });
    expect(facts.decisive.sampleSize).toEqual({ images: 12, draws: 12, versions: VERSIONS, views: 8 });
    expect(facts.others).toHaveLength(5);
  });

  it('of a suspect whose features do not vary lacks cosines and R², and is judged all the same', async () => {
    const { store, input } = experiment;
    const suspect = await untrained(store, 4, input.train, (values, name) =>
      name.endsWith('bn2.weight') || name.includes('downsample') ? values.map(() => 0) : values,
    );
    const collapsed = await experiment.extract({ suspect });
    expect((await read(experiment, collapsed)).whiteBox).toEqual({
      dimension: 32,
      cosine: [null, null, null],
      excessCosine: [null, null, null],
      referenceWeights: evidence.whiteBox.referenceWeights,
      alignedWeights: weightsText(new Float32Array(3 * 32)),
      heldOutR2: null,
    });
    const { facts } = await runStage(
      judge,
      { evidence: collapsed, name: 'suspect', log10Level: -4, test: 'exact' },
      { store },
    );
    expect(facts.detected).toBe(false);
    // All versions look alike, all images of a class too, and the white-box tests are left out.
    expect(facts.others.map(({ test, log10P }) => [test, log10P])).toEqual([
      ['exact decoy test on raw losses', 0],
      ['anytime-valid decoy test on reference-corrected losses', 0],
    ]);
  });
});
