import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { addCropFlipGradient, cropFlip, cropFlipBatch, drawCropFlip, NO_CROP_FLIP } from './crop-flip.ts';
import { Rng } from './rng.ts';

/** [2, 3, 3] whose red channel counts from 1; green and blue are 10 and 20 more. */
const IMAGE = Uint8Array.from({ length: 18 }, (_, i) => Math.floor(i / 3) + 1 + 10 * (i % 3));

/** Red channel of IMAGE after a move, row by row. */
function redAfter(move: { top: number; left: number; flip: boolean }): number[][] {
  const out = new Uint8Array(18).fill(99);
  cropFlip(IMAGE, 2, 3, move, out);
  expect(out.filter((_, i) => i % 3 === 1)).toEqual(out.filter((_, i) => i % 3 === 0).map((red) => red && red + 10));
  return [0, 1].map((y) => [0, 1, 2].map((x) => out[(y * 3 + x) * 3] as number));
}

describe('cropFlip', () => {
  it('shifts, fills with black and mirrors afterwards', () => {
    expect(redAfter(NO_CROP_FLIP)).toEqual([[1, 2, 3], [4, 5, 6]]); // prettier-ignore
    expect(redAfter({ top: 1, left: 0, flip: false })).toEqual([[4, 5, 6], [0, 0, 0]]); // prettier-ignore
    expect(redAfter({ top: 0, left: -1, flip: false })).toEqual([[0, 1, 2], [0, 4, 5]]); // prettier-ignore
    expect(redAfter({ top: -1, left: 1, flip: true })).toEqual([[0, 0, 0], [0, 3, 2]]); // prettier-ignore
    expect(redAfter({ top: 2, left: 0, flip: false })).toEqual([[0, 0, 0], [0, 0, 0]]); // prettier-ignore
  });

  it('has addCropFlipGradient as its adjoint: ⟨A x, y⟩ = ⟨x, Aᵀ y⟩', () => {
    const side = fc.integer({ min: 1, max: 6 });
    const shift = fc.integer({ min: -7, max: 7 });
    fc.assert(
      fc.property(side, side, shift, shift, fc.boolean(), fc.nat(), (height, width, top, left, flip, seed) => {
        const rng = Rng.of(seed);
        const draw = () => Float32Array.from({ length: height * width * 3 }, () => rng.integer(101) - 50);
        const [x, y] = [draw(), draw()];
        const moved = new Float32Array(x.length);
        cropFlip(x, height, width, { top, left, flip }, moved);
        const adjoint = new Float32Array(x.length);
        addCropFlipGradient(y, height, width, { top, left, flip }, adjoint);
        expect(dot(moved, y)).toBe(dot(x, adjoint)); // integers: exact
      }),
    );
  });

  it('adds to the gradient that is there', () => {
    const sum = new Float32Array(18).fill(1);
    addCropFlipGradient(IMAGE, 2, 3, NO_CROP_FLIP, sum);
    expect(Array.from(sum)).toEqual(Array.from(IMAGE, (value) => value + 1));
  });
});

describe('cropFlipBatch', () => {
  it('moves every image alike, and leaves what it was given', () => {
    const move = { top: -1, left: 1, flip: true };
    const others = IMAGE.map((value) => 200 - value);
    const images = Uint8Array.of(...IMAGE, ...others);
    const expected = new Uint8Array(36);
    cropFlip(IMAGE, 2, 3, move, expected.subarray(0, 18));
    cropFlip(others, 2, 3, move, expected.subarray(18));
    expect(cropFlipBatch(images, 2, 3, move)).toEqual(expected);
    expect(images).toEqual(Uint8Array.of(...IMAGE, ...others));
    expect(cropFlipBatch(images, 2, 3, NO_CROP_FLIP)).toEqual(images);
    const mirrored = { top: 0, left: 0, flip: true };
    cropFlip(IMAGE, 2, 3, mirrored, expected.subarray(0, 18));
    expect(cropFlipBatch(images, 2, 3, mirrored).subarray(0, 18)).toEqual(expected.subarray(0, 18));
  });
});

describe('drawCropFlip', () => {
  it('draws every shift within the padding, and a mirror image half the time', () => {
    const rng = Rng.of(1, 'moves');
    const moves = Array.from({ length: 1000 }, () => drawCropFlip(rng, { cropPadding: 2, horizontalFlip: true }));
    const sorted = (values: number[]) => [...new Set(values)].sort((a, b) => a - b);
    expect(sorted(moves.map(({ top }) => top))).toEqual([-2, -1, 0, 1, 2]);
    expect(sorted(moves.map(({ left }) => left))).toEqual([-2, -1, 0, 1, 2]);
    // Five standard deviations of a binomial count.
    expect(Math.abs(moves.filter(({ flip }) => flip).length - 500)).toBeLessThan(5 * Math.sqrt(250));
  });

  it('leaves images as they are without padding and mirror', () => {
    expect(drawCropFlip(Rng.of(1), { cropPadding: 0, horizontalFlip: false })).toEqual(NO_CROP_FLIP);
  });
});

function dot(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, i) => sum + value * (b[i] as number), 0);
}
