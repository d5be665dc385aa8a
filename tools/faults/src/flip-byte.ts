import { open } from 'node:fs/promises';
import type { Random } from './random.ts';

/**
 * Changes one byte of a file at a random place to a random other one.
 *
 * @returns what puts it back
 */
export async function flipByte(path: string, random: Random): Promise<() => Promise<void>> {
  const file = await open(path, 'r+');
  try {
    const { size } = await file.stat();
    const place = random.integer(size);
    const { buffer: before } = await file.read(Buffer.alloc(1), 0, 1, place);
    await file.write(Buffer.of(((before[0] ?? 0) + 1 + random.integer(255)) % 256), 0, 1, place);
    return async () => {
      const again = await open(path, 'r+');
      await again.write(before, 0, 1, place);
      await again.close();
    };
  } finally {
    await file.close();
  }
}
