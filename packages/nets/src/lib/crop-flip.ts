import type { Rng } from './rng.ts';

/** How far images may be moved: random crop after zero-padding by `cropPadding` pixels, and a mirror image half the time. */
export interface CropFlipRange {
  readonly cropPadding: number;
  readonly horizontalFlip: boolean;
}

/** One draw: pixel (y, x) of the result is pixel (y + top, x + left) of the image, mirrored afterwards if `flip`. */
export interface CropFlip {
  readonly top: number;
  readonly left: number;
  readonly flip: boolean;
}

export const NO_CROP_FLIP: CropFlip = { top: 0, left: 0, flip: false };

export function drawCropFlip(rng: Rng, { cropPadding, horizontalFlip }: CropFlipRange): CropFlip {
  const shift = () => rng.integer(2 * cropPadding + 1) - cropPadding;
  return { top: shift(), left: shift(), flip: horizontalFlip && rng.uniform() < 0.5 };
}

/**
 * Writes the moved image into `out`; what comes from outside is 0 (black), as in torchvision's RandomCrop.
 *
 * @param image - [H, W, 3]
 * @param out - [H, W, 3], all of it written
 */
export function cropFlip(
  image: ArrayLike<number>,
  height: number,
  width: number,
  move: CropFlip,
  out: Float32Array | Uint8Array,
): void {
  out.fill(0);
  eachRow(height, width, move, (start, target, pixels, step) => {
    for (let from = start, to = target; from < start + 3 * pixels; from += 3, to += step) {
      out[to] = image[from] as number;
      out[to + 1] = image[from + 1] as number;
      out[to + 2] = image[from + 2] as number;
    }
  });
}

/**
 * Moves all images of a batch alike.
 *
 * @param images - [N, H, W, 3]
 * @returns [N, H, W, 3]; the same array where nothing moves, as this stands before every look of a network
 */
export function cropFlipBatch(images: Uint8Array, height: number, width: number, move: CropFlip): Uint8Array {
  if (move.top === 0 && move.left === 0 && !move.flip) return images;
  const size = height * width * 3;
  const moved = new Uint8Array(images.length);
  for (let at = 0; at < images.length; at += size) {
    cropFlip(images.subarray(at, at + size), height, width, move, moved.subarray(at, at + size));
  }
  return moved;
}

/** The adjoint of `cropFlip`: adds the gradient of the moved image, [H, W, 3], to that of the image. */
export function addCropFlipGradient(
  gradient: ArrayLike<number>,
  height: number,
  width: number,
  move: CropFlip,
  sum: Float32Array,
): void {
  eachRow(height, width, move, (start, target, pixels, step) => {
    for (let from = start, to = target; from < start + 3 * pixels; from += 3, to += step) {
      sum[from] = (sum[from] as number) + (gradient[to] as number);
      sum[from + 1] = (sum[from + 1] as number) + (gradient[to + 1] as number);
      sum[from + 2] = (sum[from + 2] as number) + (gradient[to + 2] as number);
    }
  });
}

/** @param visit - gets the index of a row's first pixel in the image and in the result, and the step in the result */
function eachRow(
  height: number,
  width: number,
  { top, left, flip }: CropFlip,
  visit: (from: number, to: number, pixels: number, step: number) => void,
): void {
  const x = Math.max(0, -left);
  const pixels = Math.max(0, Math.min(width, width - left) - x);
  for (let y = Math.max(0, -top); y < Math.min(height, height - top); y++) {
    const from = ((y + top) * width + x + left) * 3;
    visit(from, (y * width + (flip ? width - 1 - x : x)) * 3, pixels, flip ? -3 : 3);
  }
}
