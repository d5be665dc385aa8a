import type { z } from 'zod';
import { doesNotHold } from './errors.ts';

/**
 * @param what - it has to be, for messages: "a commitment"
 * @throws VerificationError naming the file
 */
export function parseJson(bytes: Uint8Array, path: string, what: string): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw doesNotHold(path, `is not JSON (${(cause as Error).message}); expected ${what}`, { cause });
  }
}

/**
 * A JSON value, checked by the schema of what it has to be.
 *
 * @param what - for messages: "commitment"
 * @throws VerificationError naming file and field
 */
export function parseAs<T>(schema: z.ZodType<T>, value: unknown, path: string, what: string): T {
  const { data, error } = schema.safeParse(value);
  if (!error) return data;
  const [issue] = error.issues;
  throw doesNotHold(path, `is no ${what}: ${issue?.path.join('.') || 'the whole'}: ${issue?.message}`);
}
