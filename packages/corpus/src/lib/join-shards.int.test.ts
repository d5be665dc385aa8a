import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { ImageShards } from './image-shards.ts';
import { joinShards } from './join-shards.ts';
import { ShardWriter } from './shard-writer.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'radiotracer-join-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** Shards of `count` images of 2048×2048, of which two fill a shard; image i is filled with `value + i`. */
async function shards(name: string, count: number, value: number, classNames = ['cat', 'dog']): Promise<string> {
  const side = 2048;
  const writer = await ShardWriter.create(join(folder, name), { height: side, width: side, classNames });
  for (let i = 0; i < count; i++) await writer.append(new Uint8Array(side * side * 3).fill(value + i), [i % 2]);
  await writer.close();
  return join(folder, name);
}

test('joined shards give the images of all in their order, though those in the middle are not full', async () => {
  const dirs = [await shards('a', 3, 10), await shards('b', 1, 20), await shards('c', 4, 30)];
  const out = join(folder, 'out');
  await mkdir(out);
  const index = await joinShards(dirs, out);
  expect(index.shards.map(({ count }) => count)).toEqual([2, 1, 1, 2, 2]);
  const joined = await ImageShards.open(out);
  expect(joined.count).toBe(8);
  expect([...joined.labels]).toEqual([0, 1, 0, 0, 0, 1, 0, 1]);
  const firstBytes = (rows: number[]): number[] => rows.map((row) => joined.read([row])[0] as number);
  expect(firstBytes([0, 1, 2, 3, 4, 5, 6, 7])).toEqual([10, 11, 12, 20, 30, 31, 32, 33]);
  const size = 2048 * 2048 * 3;
  const run = joined.read([1, 2, 3, 4]); // across four files
  expect([0, 1, 2, 3].map((i) => run[i * size])).toEqual([11, 12, 20, 30]);
  joined.close();
});

test('shards of other classes are refused', async () => {
  const dirs = [await shards('a', 1, 1), await shards('b', 1, 1, ['cat', 'emu'])];
  await expect(joinShards(dirs, folder)).rejects.toThrow(/"emu".* in .*b cannot follow those of .*"dog"/);
});
