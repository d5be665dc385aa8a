import { closeSync, openSync, readSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { AsyncBuffer } from 'hyparquet';
import { isOfSystem } from './is-of-system.ts';

/**
 * A file for hyparquet. Its own buffer makes a stream for each range that is read, which costs more time than the rows
 * of a small range; this one reads at the place, as `ShardFile` does.
 */
export async function fileBuffer(path: string): Promise<AsyncBuffer> {
  const { size: byteLength } = await stat(path);
  return { byteLength, slice: (start, end = byteLength) => readRange(path, start, Math.min(end, byteLength)) };
}

function readRange(path: string, start: number, end: number): ArrayBuffer {
  const range = new Uint8Array(end - start);
  const descriptor = openSync(path, 'r');
  try {
    for (let done = 0; done < range.length;) {
      const read = readSync(descriptor, range, done, range.length - done, start + done);
      if (read === 0) throw new Error(`it ends before byte ${end}`);
      done += read;
    }
  } catch (error) {
    // Node names the file of an error of `open`, not of one of `read`.
    if (isOfSystem(error) && error.path === undefined) error.message += ` '${path}'`;
    throw error;
  } finally {
    closeSync(descriptor);
  }
  return range.buffer;
}
