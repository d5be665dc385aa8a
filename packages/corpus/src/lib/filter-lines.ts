/** Guesses a byte from those of the pixel to the left, above, and above to the left. */
type Predictor = (left: number, above: number, aboveLeft: number) => number;

/** In the order in which PIL tries them. It never uses filter 3, the average, unless told to optimise. */
const filters: readonly { readonly type: number; readonly predict: Predictor }[] = [
  { type: 0, predict: () => 0 },
  { type: 2, predict: (_left, above) => above },
  { type: 1, predict: (left) => left },
  { type: 4, predict: paeth },
];

/**
 * Lines of an RGB image as a PNG file compresses them, each by the filter that leaves the least sum of absolute
 * differences, the first of equal ones: byte for byte what PIL's `Image.save` compresses.
 *
 * Source: https://www.w3.org/TR/png-3/#9Filters
 *
 * @param pixels - uint8 [height, width, 3]
 * @returns uint8 [height, 1 + width · 3], the filter's type before each line
 */
export function filterLines(pixels: Uint8Array, height: number, width: number): Uint8Array {
  const length = width * 3;
  const lines = new Uint8Array(height * (1 + length));
  const filtered = new Uint8Array(1 + length);
  let above = new Uint8Array(length);
  for (let y = 0; y < height; y++) {
    const line = pixels.slice(y * length, (y + 1) * length);
    let least = Infinity;
    for (const { type, predict } of filters) {
      filtered[0] = type;
      let sum = 0;
      for (let i = 0; i < length; i++) {
        const guess = predict(line[i - 3] ?? 0, above[i] ?? 0, above[i - 3] ?? 0);
        const difference = ((line[i] ?? 0) - guess) & 0xff;
        filtered[i + 1] = difference;
        sum += Math.min(difference, 256 - difference);
      }
      if (sum >= least) continue;
      least = sum;
      lines.set(filtered, y * (1 + length));
    }
    above = line;
  }
  return lines;
}

/** Whichever of the three is nearest to left + above − aboveLeft. */
export function paeth(left: number, above: number, aboveLeft: number): number {
  const toLeft = Math.abs(above - aboveLeft);
  const toAbove = Math.abs(left - aboveLeft);
  const toAboveLeft = Math.abs(left + above - 2 * aboveLeft);
  if (toLeft <= toAbove && toLeft <= toAboveLeft) return left;
  return toAbove <= toAboveLeft ? above : aboveLeft;
}
