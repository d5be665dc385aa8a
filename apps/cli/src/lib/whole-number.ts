import { UsageError } from './errors.ts';

/**
 * The value of a flag that counts something.
 *
 * @param what - said of it in the error
 * @throws UsageError unless it is a whole number, and at least so much
 */
export function wholeNumber(flag: string, text: string, least = 1, what = ''): number {
  const number = Number(text);
  if (Number.isSafeInteger(number) && number >= least) return number;
  throw new UsageError(`${flag}: found "${text}", expected a whole number ≥ ${least}${what && ` (${what})`}`);
}
