import type { Rng } from '@radiotracer/nets';

import type { TrainingSettings } from './types.ts';

/** Images, float32 [B, H, W, 3], and what they should be taken for, float32 [B, K]. */
export interface SoftBatch {
  readonly images: Float32Array;
  readonly targets: Float32Array;
  readonly height: number;
  readonly width: number;
  readonly classes: number;
}

/** Rows and columns from the first to before the last. */
export interface Box {
  readonly top: number;
  readonly bottom: number;
  readonly left: number;
  readonly right: number;
}

/**
 * One-hot labels of which a share is spread over all classes, as torch's `label_smoothing` has it.
 *
 * @returns [B, K]
 */
export function softTargets(labels: ArrayLike<number>, classes: number, smoothing = 0): Float32Array {
  const targets = new Float32Array(labels.length * classes).fill(smoothing / classes);
  for (let i = 0; i < labels.length; i++)
    targets[i * classes + (labels[i] as number)] = 1 - smoothing + smoothing / classes;
  return targets;
}

/**
 * Mixes each image of a batch with the one before it (the first with the last), by mixup or by CutMix; where both are
 * asked for, by one of them, drawn evenly for each batch, as torchvision's reference does.
 *
 * @param rng - of the batch
 */
export function mixBatch(
  batch: SoftBatch,
  { mixup, cutmix }: Pick<TrainingSettings, 'mixup' | 'cutmix'>,
  rng: Rng,
): void {
  const isCut = cutmix !== undefined && (mixup === undefined || rng.uniform() < 0.5);
  if (isCut) cutMix(batch, drawBox(batch, drawBeta(cutmix, rng), rng));
  else if (mixup !== undefined) mixUp(batch, drawBeta(mixup, rng));
}

/** mixup (Zhang et al. 2017, arXiv 1710.09412): λ of each image and its target, 1 − λ of the one before it. */
export function mixUp({ images, targets, height, width, classes }: SoftBatch, lambda: number): void {
  blendRows(images, height * width * 3, lambda);
  blendRows(targets, classes, lambda);
}

/** CutMix (Yun et al. 2019, arXiv 1905.04899): a box comes from the image before, and of the target as much as its area. */
export function cutMix({ images, targets, height, width, classes }: SoftBatch, box: Box): void {
  const size = height * width * 3;
  const before = images.slice(-size);
  for (let at = images.length - size; at >= 0; at -= size) {
    const source = at === 0 ? before : images.subarray(at - size, at);
    for (let y = box.top; y < box.bottom; y++) {
      const [start, end] = [(y * width + box.left) * 3, (y * width + box.right) * 3];
      images.set(source.subarray(start, end), at + start);
    }
  }
  blendRows(targets, classes, 1 - ((box.bottom - box.top) * (box.right - box.left)) / (height * width));
}

/** A box of the share 1 − λ about a random pixel, cut off at the borders. */
function drawBox({ height, width }: SoftBatch, lambda: number, rng: Rng): Box {
  const half = Math.sqrt(1 - lambda) / 2;
  const span = (side: number): [number, number] => {
    const center = rng.integer(side);
    const reach = Math.trunc(half * side);
    return [Math.max(0, center - reach), Math.min(side, center + reach)];
  };
  const [left, right] = span(width);
  const [top, bottom] = span(height);
  return { top, bottom, left, right };
}

/** λ · row + (1 − λ) · row before, of every row at once. */
function blendRows(values: Float32Array, length: number, lambda: number): void {
  const last = values.slice(-length);
  for (let at = values.length - length; at >= 0; at -= length) {
    for (let i = 0; i < length; i++) {
      const before = (at === 0 ? last[i] : values[at - length + i]) as number;
      values[at + i] = lambda * (values[at + i] as number) + (1 - lambda) * before;
    }
  }
}

/**
 * A number of the Beta(α, α) distribution, by Jöhnk's rejection (1964), in logarithms: powers of 1/α would underflow.
 *
 * @param alpha - in (0, 1], where at least half of the draws are taken
 */
export function drawBeta(alpha: number, rng: Rng): number {
  for (;;) {
    const [logX, logY] = [Math.log(1 - rng.uniform()) / alpha, Math.log(1 - rng.uniform()) / alpha];
    const most = Math.max(logX, logY);
    const logSum = most + Math.log(Math.exp(logX - most) + Math.exp(logY - most));
    if (logSum <= 0) return Math.exp(logX - logSum);
  }
}
