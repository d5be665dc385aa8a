import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';

/** Hex SHA-256 of bytes, or of a string's UTF-8. */
export function sha256(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}

/** Hex SHA-256 of a file, read in pieces: memory does not grow with the file. */
export async function sha256File(path: string): Promise<string> {
  const hash = createHash('sha256');
  const file = await open(path);
  try {
    const chunk = Buffer.allocUnsafeSlow(1 << 20); // one for all, where a stream would leave one for each to the collector
    for (let length = 1; length > 0;) {
      length = (await file.read(chunk)).bytesRead;
      hash.update(chunk.subarray(0, length));
    }
  } finally {
    await file.close();
  }
  return hash.digest('hex');
}
