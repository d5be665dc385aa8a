import { mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { tableFromIPC } from 'apache-arrow';
import fc from 'fast-check';
import { CorruptShardError } from './errors.ts';
import { ImageShards } from './image-shards.ts';
import { ShardWriter } from './shard-writer.ts';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'shards-'));
});
afterEach(() => rm(dir, { recursive: true }));

/** Image of row i: bytes that name the row and their place. */
const image = (row: number, bytes: number): Uint8Array => Buffer.alloc(bytes, Uint8Array.of(row, 1, 2, 3, 4));

async function write(count: number, size: number, step = 1000): Promise<void> {
  const writer = await ShardWriter.create(dir, { height: size, width: size, classNames: ['a', 'b', 'c'] });
  for (let row = 0; row < count; row += step) {
    const rows = Array.from({ length: Math.min(step, count - row) }, (_, i) => row + i);
    const pixels = Buffer.concat(rows.map((r) => image(r, size * size * 3)));
    await writer.append(
      pixels,
      rows.map((r) => r % 3),
    );
  }
  await writer.close();
}

test('reads back any rows in any order', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 40 }),
      fc.integer({ min: 1, max: 5 }),
      fc.integer({ min: 1, max: 9 }),
      fc.array(fc.nat(), { maxLength: 20 }),
      async (count, size, step, picks) => {
        await write(count, size, step);
        const shards = await ImageShards.open(dir);
        const rows = picks.map((pick) => pick % count);
        expect(Buffer.from(shards.read(rows))).toEqual(Buffer.concat(rows.map((r) => image(r, size * size * 3))));
        expect([...shards.labels]).toEqual(Array.from({ length: count }, (_, r) => r % 3));
        shards.close();
      },
    ),
    { numRuns: 30 },
  );
});

test('rows keep their numbers across shards', async () => {
  const size = 1024; // 10 images a shard
  await write(23, size, 4);
  const shards = await ImageShards.open(dir);
  expect(JSON.parse(await readFile(join(dir, 'corpus.json'), 'utf8')).shards).toHaveLength(3);
  const rows = [22, 8, 9, 10, 11, 0];
  expect(Buffer.from(shards.read(rows)).equals(Buffer.concat(rows.map((r) => image(r, size * size * 3))))).toBe(true);
  shards.close();
});

test('a shard is an Arrow file that other readers open', async () => {
  await write(5, 2);
  const table = tableFromIPC(await readFile(join(dir, 'shard-00000.arrow')));
  expect(table.schema.fields.map(String)).toEqual(['image: FixedSizeList[12]<Uint8>', 'label: Int32']);
  expect([...(table.getChild('image')?.get(4) as Iterable<number>)]).toEqual([...image(4, 12)]);
  expect(table.getChild('label')?.get(4)).toBe(1);
});

test('refuses rows outside the corpus', async () => {
  await write(5, 2);
  const shards = await ImageShards.open(dir);
  for (const row of [5, -1, 0.5]) expect(() => shards.read([row])).toThrow(RangeError);
  shards.close();
});

test('refuses labels and pixels that do not fit', async () => {
  const writer = await ShardWriter.create(dir, { height: 2, width: 2, classNames: ['a'] });
  await expect(writer.append(new Uint8Array(12), [1])).rejects.toThrow('label 1 is outside [0, 1)');
  await expect(writer.append(new Uint8Array(11), [0])).rejects.toThrow('1 images of 2×2×3 are 12 bytes, got 11');
});

test('says which shard is cut off, foreign or missing', async () => {
  await write(5, 2);
  const shard = join(dir, 'shard-00000.arrow');
  const whole = await readFile(shard);
  for (const length of [whole.length - 1, 100, 0]) {
    await truncate(shard, length);
    await expect(ImageShards.open(dir)).rejects.toThrow(CorruptShardError);
    await writeFile(shard, whole);
  }
  for (const footerLength of [0, -1, whole.length, 2 ** 31 - 1]) {
    const damaged = Buffer.from(whole);
    damaged.writeInt32LE(footerLength, whole.length - 10);
    await writeFile(shard, damaged);
    await expect(ImageShards.open(dir)).rejects.toThrow(CorruptShardError);
  }
  await rm(shard);
  await expect(ImageShards.open(dir)).rejects.toThrow('shard-00000.arrow is missing; drop the shards');
  await writeFile(shard, whole);
  const index = join(dir, 'corpus.json');
  await writeFile(index, (await readFile(index, 'utf8')).replaceAll('"count": 5', '"count": 6'));
  await expect(ImageShards.open(dir)).rejects.toThrow('holds 5 rows');
  await rm(index);
  await expect(ImageShards.open(dir)).rejects.toThrow('corpus.json is no index of shards');
});
