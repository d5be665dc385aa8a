import { InvalidArgumentError } from './errors.ts';

/** Throws InvalidArgumentError unless `value` is an integer in [`min`, `max`]. */
export function assertInteger(name: string, value: number, min: number, max = Number.MAX_SAFE_INTEGER): void {
  if (!Number.isSafeInteger(value) || value < min || value > max) {
    throw new InvalidArgumentError(`carriers: ${name} must be an integer in [${min}, ${max}], is ${value}`);
  }
}
