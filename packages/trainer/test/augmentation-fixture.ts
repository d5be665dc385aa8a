import { readFileSync } from 'node:fs';

import type { Image } from '../src/lib/image.ts';

/** What `generate-augmentations.py` wrote; pixels are base64 of [H, W, 3]. */
interface Fixture {
  readonly images: Readonly<Record<string, Case>>;
  readonly mixtures: {
    readonly height: number;
    readonly width: number;
    readonly classes: number;
    readonly labels: number[];
    readonly images: number[];
    readonly lambda: number;
    readonly box: { readonly top: number; readonly bottom: number; readonly left: number; readonly right: number };
    readonly mixup: { readonly images: number[]; readonly targets: number[] };
    readonly cutmix: { readonly images: number[]; readonly targets: number[] };
  };
  readonly smoothing: {
    readonly smoothing: number;
    readonly logits: number[][];
    readonly labels: number[];
    readonly losses: number[];
  };
}

interface Case {
  readonly height: number;
  readonly width: number;
  readonly pixels: string;
  readonly jpeg: readonly { readonly quality: number; readonly pixels: string }[];
  readonly blur: readonly { readonly sigma: number; readonly pixels: string }[];
  readonly resize: readonly { readonly factor: number; readonly pixels: string }[];
  readonly grey: string;
  readonly operations: readonly { readonly name: string; readonly strength: number; readonly pixels: string }[];
}

const file = new URL('fixtures/augmentations.json', import.meta.url);
export const fixture = JSON.parse(readFileSync(file, 'utf8')) as Fixture;

export function pixelsOf(base64: string): Uint8Array {
  return Uint8Array.from(Buffer.from(base64, 'base64'));
}

/** Each image of the fixture with its name and what was made of it. */
export const imageCases = Object.entries(fixture.images).map(([name, expected]) => {
  const image: Image = { pixels: pixelsOf(expected.pixels), height: expected.height, width: expected.width };
  return { name, image, expected };
});

/** Largest difference of two images, in levels, and the share of the values that differ. */
export function difference(a: Uint8Array, b: Uint8Array): { readonly most: number; readonly share: number } {
  const differences = Array.from(a, (value, i) => Math.abs(value - (b[i] ?? NaN)));
  return { most: Math.max(...differences), share: differences.filter((d) => d > 0).length / differences.length };
}
