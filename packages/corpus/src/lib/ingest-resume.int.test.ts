import { mkdtemp, open, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { type Artifact, runStage, RunStore } from '@radiotracer/store';
import { writeCifar, writeImageFolder, writeParquet } from '../../test/write-corpora.ts';
import { describeCorpus } from './describe-corpus.ts';
import { encodePng } from './encode-png.ts';
import { ingest } from './ingest.ts';
import { Random } from './random.ts';
import { readRows } from './read-rows.ts';
import type { CorpusRow, IngestInput, ShardsFacts } from './types.ts';

/** Of images so large that few fill a shard. */
const side = 256;
const perShard = Math.floor((32 * 2 ** 20) / (side * side * 3));
const total = 2 * perShard + 50;

let dir: string;
let corpus: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'ingest-resume-'));
  corpus = join(dir, 'corpus');
});
afterEach(() => rm(dir, { recursive: true }));

/** An attempt, and the images that it says are done, one number a report. */
interface Attempt {
  readonly artifact: Artifact<ShardsFacts> | undefined;
  readonly error: unknown;
  readonly done: readonly number[];
}

/** @param until - images after which it is stopped */
async function attempt(store: RunStore, input: IngestInput, until = Infinity): Promise<Attempt> {
  const abort = new AbortController();
  const done: number[] = [];
  const options = { store, locations: { corpus }, signal: abort.signal };
  const report = (progress: { done: number }): void => {
    done.push(progress.done);
    if (progress.done >= until) abort.abort(new Error('power cut'));
  };
  return runStage(ingest, input, { ...options, report }).then(
    (artifact) => ({ artifact, error: undefined, done }),
    (error: unknown) => ({ artifact: undefined, error, done }),
  );
}

async function inputOf(): Promise<IngestInput> {
  return { source: { digest: (await describeCorpus(corpus)).digest }, split: 'train' };
}

/** Of the only stage that was cut off. */
async function scratchOf(store: RunStore): Promise<string> {
  const working = join(store.root, 'working');
  return join(working, (await readdir(working))[0] ?? '', 'scratch');
}

/** How each layout is written, and how its first rows are made unreadable. */
const layouts: [string, () => Promise<void>, (file: string) => Promise<void>][] = [
  ['class folders', () => writeImageFolder(corpus, total, 16), (file) => rm(file)],
  ['Parquet', () => writeParquet(corpus, [150, total - 150], 16), (file) => overwrite(file, 4, 100_000)],
  ['CIFAR', () => writeCifar(corpus, [100, 0, 200, 30, total - 330]), (file) => overwrite(file, 0, 3073)],
];

async function overwrite(file: string, start: number, bytes: number): Promise<void> {
  const handle = await open(file, 'r+');
  await handle.write(Buffer.alloc(bytes, 255), 0, bytes, start);
  await handle.close();
}

test('stopped again and again, it goes on after the last whole shard, to the same bytes', async () => {
  await writeParquet(corpus, [150, total - 150], side);
  const input = await inputOf();
  const whole = await attempt(await RunStore.open(join(dir, 'undisturbed')), input);
  expect(whole.done[0]).toBe(0);
  expect(whole.artifact?.facts).toMatchObject({ count: total, shards: 3 });

  const store = await RunStore.open(join(dir, 'store'));
  const random = new Random(1);
  let kept = 0;
  for (const until of [...Array.from({ length: 3 }, () => random.integer(total)), total].sort((a, b) => a - b)) {
    const { artifact, error, done } = await attempt(store, input, until);
    expect({ artifact, error }).toMatchObject({ artifact: undefined, error: { message: 'power cut' } });
    expect(done[0]).toBe(kept);
    const last = done.at(-1) ?? NaN;
    kept = last === total ? total : last - (last % perShard);
  }
  const { artifact, done } = await attempt(store, input);
  expect(done).toEqual([total]); // all that was left was to hash it
  expect(artifact).toEqual(whole.artifact);
  expect(await readdir(join(store.root, 'working'))).toEqual([]);
});

test('a shard that is not as it was written is made again, as is one without its seal', async () => {
  await writeParquet(corpus, [total], side);
  const input = await inputOf();
  const { artifact } = await attempt(await RunStore.open(join(dir, 'undisturbed')), input);
  const store = await RunStore.open(join(dir, 'store'));
  await attempt(store, input, 2 * perShard + 1);

  const scratch = await scratchOf(store);
  const names = await readdir(scratch, { recursive: true });
  const shard = join(scratch, names.find((name) => name.endsWith('/shard-00001.arrow')) ?? '');
  const bytes = await readFile(shard);
  bytes[20_000_000] = (bytes[20_000_000] as number) ^ 1;
  await writeFile(shard, bytes);
  expect((await attempt(store, input, 2 * perShard + 1)).done[0]).toBe(perShard);

  await rm(join(scratch, 'shard-00000.arrow.sealed'));
  const again = await attempt(store, input);
  expect(again.done[0]).toBe(0);
  expect(again.artifact).toEqual(artifact);
});

test('the first row that cannot be used is named as by a run that was not disturbed', async () => {
  await writeImageFolder(corpus, total, side);
  const { splits } = await describeCorpus(corpus);
  const damage = (row: number) =>
    writeFile(join(corpus, splits['train']?.files[row] ?? ''), encodePng(new Uint8Array(12), 2, 2).subarray(0, 60));
  await damage(300);
  await damage(350);
  const input = await inputOf();
  const store = await RunStore.open(join(dir, 'store'));
  const { error } = await attempt(await RunStore.open(join(dir, 'undisturbed')), input);
  expect(error).toMatchObject({ name: 'CorpusError', row: 300 });
  await attempt(store, input, 200);
  const resumed = await attempt(store, input);
  expect(resumed.done[0]).toBe(perShard);
  expect(resumed.error).toEqual(error);
});

test.each(layouts)(
  '%s: rows from one on are those of the whole, and those before it are not read',
  async (_, write, damage) => {
    await write();
    const found = await describeCorpus(corpus);
    const read = async (from?: number): Promise<CorpusRow[]> => {
      const rows: CorpusRow[] = [];
      for await (const row of readRows(found, 'train', from)) rows.push(row);
      return rows;
    };
    const all = await read();
    for (const from of [0, 1, 100, 101, 149, 150, 151, 331, total - 1, total]) {
      expect((await read(from)).map(({ row, file, label }) => [row, file, label])).toEqual(
        all.slice(from).map(({ row, file, label }) => [row, file, label]),
      );
    }
    await damage(join(corpus, found.splits['train']?.files[0] ?? ''));
    await expect(read()).rejects.toThrow();
    expect(await read(total - 10)).toEqual(all.slice(-10));
  },
);
