import { type Image, withPixels } from './image.ts';

/* Pillow's ImageOps that give each level of a channel another one. */

/** Keeps the first bits of each level. @param bits - in 0..8 */
export function posterized(image: Image, bits: number): Image {
  const mask = ~(2 ** (8 - bits) - 1);
  return withPixels(image, (value) => value & mask);
}

/** Inverts the levels that are not below the threshold. */
export function solarized(image: Image, threshold: number): Image {
  return withPixels(image, (value) => (value < threshold ? value : 255 - value));
}

/** Stretches each channel to all of 0..255. */
export function autoContrasted(image: Image): Image {
  return byChannel(image, (histogram) => {
    const low = histogram.findIndex((count) => count > 0);
    const high = histogram.findLastIndex((count) => count > 0);
    if (high <= low) return undefined;
    const scale = 255 / (high - low);
    return (level) => Math.max(0, Math.min(255, Math.trunc(level * scale - low * scale)));
  });
}

/** Gives each channel about as many pixels of every level. */
export function equalized(image: Image): Image {
  return byChannel(image, (histogram) => {
    const last = histogram.findLast((count) => count > 0) as number;
    const step = Math.floor((histogram.reduce((sum, count) => sum + count, 0) - last) / 255);
    if (step === 0) return undefined;
    let below = Math.floor(step / 2);
    const levels = Array.from(histogram, (count) => {
      const level = Math.min(255, Math.floor(below / step));
      below += count;
      return level;
    });
    return (level) => levels[level] as number;
  });
}

/** @param mapOf - what becomes of each level of a channel with this histogram; undefined: what it is */
function byChannel(image: Image, mapOf: (histogram: Uint32Array) => ((level: number) => number) | undefined): Image {
  const maps = [0, 1, 2].map((channel) => {
    const histogram = new Uint32Array(256);
    for (let i = channel; i < image.pixels.length; i += 3) {
      const level = image.pixels[i] as number;
      histogram[level] = (histogram[level] as number) + 1;
    }
    return mapOf(histogram);
  });
  return withPixels(image, (value, i) => maps[i % 3]?.(value) ?? value);
}
