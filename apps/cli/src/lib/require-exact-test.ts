import { UsageError } from './errors.ts';
import type { Settings } from './settings.ts';

/**
 * Checks, before a key is made, that the exact test is to decide: of its own networks an experiment knows everything anyway.
 *
 * @throws UsageError
 */
export function requireExactTest({ test }: Pick<Settings, 'test'>): void {
  if (test === 'exact') return;
  throw new UsageError(`test: found "${test}", expected "exact", by which experiments decide`);
}
