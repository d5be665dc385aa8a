import { describe, expect, it } from '@jest/globals';
import { Rng, tf } from '@radiotracer/nets';

import { signalThat } from '../../test/signal-that.ts';
import { dpSgd, poissonSample } from './dp-sgd.ts';

type Settings = Parameters<typeof dpSgd>[2];
/** Without noise, and clipped nowhere. */
const plain = { noiseMultiplier: 0, maxGradNorm: 1e6, learningRate: 0.1, weightDecay: 0, epochs: 1, seed: 1 };

function corpus({ images = 200, size = 6, classes = 3, scale = 1 } = {}) {
  const rng = Rng.of(7, 'corpus');
  const labels = Int32Array.from({ length: images }, (_, i) => i % classes);
  const features = Array.from(labels, (label) =>
    Array.from({ length: size }, (_, j) => scale * ((j === label ? 2 : 0) + rng.normal())),
  );
  return { features, labels, classes };
}

/** [D + 1][K], the bias last. */
async function train(
  { features, labels, classes }: ReturnType<typeof corpus>,
  settings: Omit<Settings, 'classes'>,
): Promise<number[][]> {
  const x = tf.tensor2d(features);
  const { weight, bias } = await dpSgd(x, labels, { ...settings, classes }).finally(() => x.dispose());
  const trained = [...(tf.tidy(() => tf.transpose(weight).arraySync()) as number[][]), bias.arraySync()];
  tf.dispose([weight, bias]);
  return trained;
}

/** Gradient of the sum of the cross-entropies of the rows, in double precision. */
function gradientSum({ features, labels }: ReturnType<typeof corpus>, w: number[][], rows: Iterable<number>) {
  const gradient = w.map((row) => row.map(() => 0));
  for (const i of rows) {
    const x = [...(features[i] as number[]), 1];
    const logits = (w[0] as number[]).map((_, k) =>
      x.reduce((sum, value, j) => sum + value * (w[j]?.[k] as number), 0),
    );
    const total = Math.log(logits.reduce((sum, logit) => sum + Math.exp(logit), 0));
    logits.forEach((logit, k) => {
      const residual = Math.exp(logit - total) - (labels[i] === k ? 1 : 0);
      x.forEach((value, j) => ((gradient[j] as number[])[k] = (gradient[j]?.[k] as number) + residual * value));
    });
  }
  return gradient;
}

const largestDifference = (a: number[][], b: number[][]): number =>
  Math.max(...a.flatMap((row, j) => row.map((value, k) => Math.abs(value - (b[j]?.[k] as number)))));
const norm = (a: number[][]): number => Math.hypot(...a.flat());

describe('dpSgd', () => {
  it('is plain SGD, on random batches, where nothing is clipped and there is no noise', async () => {
    const given = corpus();
    const [images, batchSize, weightDecay] = [given.labels.length, 20, 0.01];
    let w = Array.from({ length: 7 }, () => [0, 0, 0]);
    for (let step = 0; step < 30; step++) {
      const sampled = poissonSample(images, batchSize / images, Rng.of(1, 'sample', step));
      const gradient = gradientSum(given, w, sampled);
      w = w.map((row, j) =>
        row.map((value, k) => {
          const decay = j < 6 ? weightDecay * value : 0; // the bias has none
          return value - 0.1 * ((gradient[j]?.[k] as number) / batchSize + decay);
        }),
      );
    }
    const trained = await train(given, { ...plain, batchSize, weightDecay, epochs: 3 });
    expect(norm(w)).toBeGreaterThan(0.5);
    expect(largestDifference(trained, w)).toBeLessThan(1e-5); // float32
  });

  it('moves by the gradient of an image clipped to C, never by more', async () => {
    const rng = Rng.of(3, 'property');
    let clipped = 0;
    for (let trial = 0; trial < 60; trial++) {
      const given = corpus({ images: 1, scale: Math.exp(rng.normal()) });
      given.labels[0] = rng.integer(3);
      const maxGradNorm = Math.exp(2 * rng.normal() - 1);
      const settings = { ...plain, maxGradNorm, batchSize: 1, learningRate: 0.5 };
      const before = await train(given, { ...settings, epochs: 2 });
      const after = await train(given, { ...settings, epochs: 3 });
      const moved = after.map((row, j) => row.map((value, k) => (value - (before[j]?.[k] as number)) / -0.5));
      const exact = gradientSum(given, before, [0]);
      const kept = Math.min(1, maxGradNorm / norm(exact));
      if (kept < 1) clipped++;
      const rounding = 1e-5 * (norm(exact) + norm(before));
      expect(norm(moved)).toBeLessThan(maxGradNorm + rounding);
      expect(
        largestDifference(
          moved,
          exact.map((row) => row.map((value) => kept * value)),
        ),
      ).toBeLessThan(rounding);
    }
    expect(clipped).toBeGreaterThan(10);
    expect(clipped).toBeLessThan(50);
  });

  it('adds noise of σC/B to each weight in each step, anew', async () => {
    const [size, classes, images] = [400, 10, 50];
    const labels = Int32Array.from({ length: images }, (_, i) => i % classes);
    const nothing = { features: Array.from(labels, () => new Array<number>(size).fill(0)), labels, classes };
    const settings = { ...plain, noiseMultiplier: 3, maxGradNorm: 0.5, learningRate: 0.2, batchSize: 25 };
    const noiseOf = async (epochs: number, seed: number) =>
      (await train(nothing, { ...settings, epochs, seed })).slice(0, size).flat(); // all but the bias, which learns
    const [one, two] = [await noiseOf(1, 1), await noiseOf(2, 1)]; // of two steps, and of four
    const step = 0.2 * ((3 * 0.5) / 25);
    const variance = (values: number[]) => values.reduce((sum, value) => sum + value ** 2, 0) / values.length;
    const standardError = Math.sqrt(2 / one.length);
    expect(Math.abs(variance(one) / (2 * step ** 2) - 1)).toBeLessThan(4 * standardError);
    expect(Math.abs(variance(two) / (4 * step ** 2) - 1)).toBeLessThan(4 * standardError);
    const mean = one.reduce((a, b) => a + b, 0) / one.length;
    expect(Math.abs(mean)).toBeLessThan(4 * Math.sqrt((2 * step ** 2) / one.length));
    const later = two.map((value, i) => value - (one[i] as number));
    for (const other of [later, await noiseOf(1, 2)]) {
      const correlation = one.reduce((sum, value, i) => sum + value * (other[i] as number), 0) / one.length;
      expect(Math.abs(correlation)).toBeLessThan(4 * ((2 * step ** 2) / Math.sqrt(one.length)));
    }
  });

  it('has the same bits when it is run again, and others with another seed', async () => {
    const settings = { ...plain, noiseMultiplier: 1, maxGradNorm: 1, batchSize: 30, epochs: 2 };
    const first = await train(corpus(), settings);
    expect(await train(corpus(), settings)).toEqual(first);
    expect(await train(corpus(), { ...settings, seed: 2 })).not.toEqual(first);
  });

  it('takes a step where no image was drawn, and one where the gradient of an image is 0', async () => {
    const few = corpus({ images: 3 });
    expect((await train(few, { ...plain, batchSize: 1, epochs: 20 })).flat().every(Number.isFinite)).toBe(true);
    const sure = corpus({ images: 3, scale: 1e4 }); // p − y is 0 in float32 after a few steps
    expect((await train(sure, { ...plain, batchSize: 3, epochs: 40 })).flat().every(Number.isFinite)).toBe(true);
  });

  it('leaves no tensor, also when it is stopped', async () => {
    const { features, labels, classes } = corpus();
    const x = tf.tensor2d(features);
    const before = tf.memory().numTensors;
    const settings = { ...plain, classes, noiseMultiplier: 1, batchSize: 20 };
    const counts: number[] = [];
    const layer = await dpSgd(
      x,
      labels,
      settings,
      signalThat(() => counts.push(tf.memory().numTensors)),
    );
    tf.dispose([layer.weight, layer.bias]);
    expect(tf.memory().numTensors).toBe(before);
    expect(counts).toEqual(new Array(10).fill(counts[0]));
    const stopped = AbortSignal.abort(new Error('stopped'));
    await expect(dpSgd(x, labels, settings, stopped)).rejects.toThrow('stopped');
    expect(tf.memory().numTensors).toBe(before);
    x.dispose();
  });
});

describe('poissonSample', () => {
  it('has each row at most once, with the same probability, by itself', () => {
    const [n, rate, draws] = [100, 0.3, 4000];
    const counts = new Float64Array(n);
    let [sizes, squares] = [0, 0];
    for (let draw = 0; draw < draws; draw++) {
      const rows = poissonSample(n, rate, Rng.of(1, 'sample', draw));
      rows.forEach((row) => (counts[row] = (counts[row] as number) + 1));
      sizes += rows.length / draws;
      squares += (rows.length - n * rate) ** 2 / draws;
    }
    const drawn = [...poissonSample(n, rate, Rng.of(1, 'sample', 0))];
    expect(drawn).toEqual([...new Set(drawn)].sort((a, b) => a - b));
    const deviation = Math.sqrt(rate * (1 - rate) * draws);
    expect(Math.max(...counts.map((count) => Math.abs(count - rate * draws)))).toBeLessThan(4.5 * deviation);
    expect(Math.abs(sizes - n * rate)).toBeLessThan(4 * Math.sqrt((n * rate * (1 - rate)) / draws));
    // A batch of fixed size would have none.
    expect(Math.abs(squares / (n * rate * (1 - rate)) - 1)).toBeLessThan(4 * Math.sqrt(2 / draws));
  });

  it('has all rows at a rate of 1', () => {
    expect([...poissonSample(4, 1, Rng.of(1, 'sample', 0))]).toEqual([0, 1, 2, 3]);
  });
});
