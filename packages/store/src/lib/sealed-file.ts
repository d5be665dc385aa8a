import { readFile } from 'node:fs/promises';
import { writeFileAtomic } from './atomic-file.ts';
import { sha256 } from './sha256.ts';

/** Hex SHA-256 and a line feed. */
const SEAL_BYTES = 65;

/**
 * Writes what a stage keeps from one attempt to the next, as `writeFileAtomic` does, with its SHA-256 behind it: a
 * resumed stage must not go on from a checkpoint that is not as it was written.
 */
export async function writeSealed(path: string, data: string | Uint8Array): Promise<void> {
  await writeFileAtomic(path, Buffer.concat([Buffer.from(data), Buffer.from(`${sha256(data)}\n`)]));
}

/** What `writeSealed` wrote; undefined if there is no such file, or if a bit of it is not as it was written. */
export async function readSealed(path: string): Promise<Buffer | undefined> {
  const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return Buffer.alloc(0);
    throw error;
  });
  const data = bytes.subarray(0, -SEAL_BYTES);
  return bytes.subarray(-SEAL_BYTES).toString('latin1') === `${sha256(data)}\n` ? data : undefined;
}
