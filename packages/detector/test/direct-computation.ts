import type { ImageShards } from '@radiotracer/corpus';
import { cropFlipBatch, type FrozenNetwork, NO_CROP_FLIP, normalise, tf } from '@radiotracer/nets';

type Matrix = readonly (readonly number[])[];

/** What a network makes of all rows, in one batch. */
export function directOutput(
  network: FrozenNetwork,
  shards: ImageShards,
  view = NO_CROP_FLIP,
): { features: number[][]; logits: number[][] } {
  const { height, width } = shards;
  const pixels = normalise(cropFlipBatch(shards.read([...shards.labels.keys()]), height, width, view));
  return tf.tidy(() => {
    const { features, logits } = network.logits(tf.tensor(pixels, [shards.count, height, width, 3]));
    return { features: features.arraySync(), logits: logits.arraySync() };
  });
}

/** Cross-entropy of each row in double precision. */
export function directLosses(network: FrozenNetwork, shards: ImageShards, view = NO_CROP_FLIP): number[] {
  return directOutput(network, shards, view).logits.map((logits, i) => {
    const total = logits.reduce((sum, logit) => sum + Math.exp(logit), 0);
    return Math.log(total) - (logits[shards.labels[i] as number] as number);
  });
}

/** Mean cross-entropy of each row, moved by two pixels to each of four sides, as it is and mirrored. */
export function directMeanLosses(network: FrozenNetwork, shards: ImageShards): number[] {
  const byView = [-2, 2, -2, 2].flatMap((top, i) =>
    [true, false].map((flip) => directLosses(network, shards, { top, left: i < 2 ? -2 : 2, flip })),
  );
  return transpose(byView).map((losses) => losses.reduce((a, b) => a + b) / 8);
}

/**
 * The least-squares map from features φ [N, D] to targets [N, M] in double precision, with a ridge of 1e−4 of the mean
 * diagonal of φᵀφ (docs/method.md), by elimination with pivoting. Returns [M][D].
 */
export function directFit(phi: Matrix, targets: Matrix): number[][] {
  const columns = transpose(phi);
  const gram = columns.map((a) => columns.map((b) => dot(a, b)));
  const trace = gram.reduce((sum, row, i) => sum + (row[i] as number), 0);
  const ridge = (1e-4 * trace) / gram.length;
  const system = gram.map((row, i) => [
    ...row.map((value, j) => value + (i === j ? ridge : 0)),
    ...transpose(targets).map((target) => dot(columns[i] as number[], target)),
  ]);
  for (let k = 0; k < system.length; k++) {
    const best = system.slice(k).reduce((a, b) => (Math.abs(b[k] as number) > Math.abs(a[k] as number) ? b : a));
    system.splice(k, 0, ...system.splice(system.indexOf(best), 1));
    const pivot = (system[k] as number[]).map((value) => value / (best[k] as number));
    system.forEach((row, i) => {
      const factor = row[k] as number;
      system[i] = i === k ? pivot : row.map((value, j) => value - factor * (pivot[j] as number));
    });
  }
  return transpose(system.map((row) => row.slice(gram.length)));
}

export function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, i) => sum + value * (b[i] as number), 0);
}

export function cosine(a: readonly number[], b: readonly number[]): number {
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
}

export function transpose(matrix: Matrix): number[][] {
  return (matrix[0] ?? []).map((_, j) => matrix.map((row) => row[j] as number));
}
