import { InvalidEvidenceError } from './errors.ts';

/*
 * Class weights in the text of evidence: base64 of little-endian float32, a third of the size of decimal digits, and
 * every bit is kept.
 */

/** @param weights - [classes, dimension] */
export function weightsText(weights: Float32Array): string {
  const bytes = Buffer.alloc(4 * weights.length);
  weights.forEach((weight, i) => bytes.writeFloatLE(weight, 4 * i));
  return bytes.toString('base64');
}

/**
 * @param field - of the evidence, for the error
 * @returns [classes, dimension]; the caller owns it
 * @throws InvalidEvidenceError if there are not so many numbers, or one is not finite
 */
export function parseWeights(field: string, text: string, classes: number, dimension: number): Float32Array {
  const bytes = Buffer.from(text, 'base64');
  const expected = 4 * classes * dimension;
  if (bytes.length !== expected) {
    const reason = `holds ${bytes.length} bytes of base64, expected ${expected}: ${classes} classes × ${dimension} float32`;
    throw new InvalidEvidenceError(field, reason);
  }
  const weights = Float32Array.from({ length: classes * dimension }, (_, i) => bytes.readFloatLE(4 * i));
  const wrong = weights.findIndex((weight) => !Number.isFinite(weight));
  if (wrong >= 0) {
    const reason = `has ${weights[wrong]} in class ${Math.floor(wrong / dimension)}, expected finite numbers`;
    throw new InvalidEvidenceError(field, reason);
  }
  return weights;
}
