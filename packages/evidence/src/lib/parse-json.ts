import { doesNotHold } from './errors.ts';

/** @throws VerificationError naming the file */
export function parseJson(bytes: Uint8Array, path: string): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw doesNotHold(path, `is not JSON: ${(cause as Error).message}`, { cause });
  }
}
