/**
 * Peak signal-to-noise ratio of 8-bit images: 10 · log10(255² / mean squared error), in dB; Infinity for equal images.
 */
export function psnrDb(original: Uint8Array, version: Uint8Array): number {
  let sum = 0;
  for (let i = 0; i < original.length; i++) sum += ((version[i] as number) - (original[i] as number)) ** 2;
  return 10 * Math.log10(255 ** 2 / (sum / original.length));
}

/** Largest change of a pixel, in 8-bit levels. */
export function linf(original: Uint8Array, version: Uint8Array): number {
  let largest = 0;
  for (let i = 0; i < original.length; i++) {
    largest = Math.max(largest, Math.abs((version[i] as number) - (original[i] as number)));
  }
  return largest;
}
