import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { mkdir, mkdtemp, readFile, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startS3Server, type TestS3Server } from '@radiotracer/testing';
import { startSlowStage, type SlowStage } from '../../test/slow-stage.ts';
import type { Artifact } from './artifact.ts';
import { CorruptArtifactError, MissingArtifactError } from './errors.ts';
import { openStore } from './open-store.ts';
import { runStage } from './run-stage.ts';
import type { Stage } from './stage.ts';
import type { Store } from './store.ts';

/* What every store has to do. `folder` is where the one on test keeps its artefacts, on this disk. */
jest.setTimeout(60_000);
let server: TestS3Server;
let base: string;
let bucketCount = 0;

beforeAll(async () => (server = await startS3Server()));
afterAll(() => server?.stop());
beforeEach(async () => (base = await mkdtemp(join(tmpdir(), 'radiotracer-store-'))));
afterEach(() => rm(base, { recursive: true }));

const places = {
  'in a folder': async () => ({ url: join(base, 'store'), folder: join(base, 'store') }),
  'in a bucket': async () => {
    const bucket = `bucket-${++bucketCount}`;
    await server.makeBucket(bucket);
    return { url: `s3://${bucket}/my/runs`, folder: join(server.folder, bucket, 'my', 'runs') };
  },
};

describe.each(Object.entries(places))('a store %s', (_name, makePlace) => {
  let url: string;
  let folder: string;
  let store: Store;
  let runs: number;

  beforeEach(async () => {
    ({ url, folder } = await makePlace());
    store = await openOn('machine-1');
    runs = 0;
  });

  /** The store as another machine sees it: with a cache of its own. */
  const openOn = (machine: string): Promise<Store> => openStore(url, { cache: join(base, machine) });
  const startOn = (machine: string, restMs: number): SlowStage =>
    startSlowStage(url, join(base, 'log'), restMs, join(base, machine));

  const twoFiles: Stage<object, { ok: boolean }> = {
    name: 'twoFiles',
    version: 1,
    async run(_input, { outputDir }) {
      runs++;
      await mkdir(join(outputDir, 'private'));
      await writeFile(join(outputDir, 'weights.bin'), new Uint8Array(10_000).fill(7));
      await writeFile(join(outputDir, 'private', 'notes.json'), '');
      return { ok: true };
    },
  };

  /** Where the store keeps a file of an artefact. */
  async function stored({ stage, key }: Artifact, file: string): Promise<string> {
    const place = join(folder, 'artifacts', stage, key);
    const paths = await readdir(place, { recursive: true });
    return join(place, paths.find((path) => path === file || path.endsWith(`/${file}`)) as string);
  }

  it('runs an input once, on whatever machine, and keeps files, facts and run record', async () => {
    const artifact = await runStage(twoFiles, { a: 1 }, { store });
    const elsewhere = await openOn('machine-2');
    expect(await runStage(twoFiles, { a: 1 }, { store: elsewhere })).toEqual(artifact);
    expect(runs).toBe(1);
    const there = await elsewhere.verify(artifact);
    expect((await readFile(join(there, 'weights.bin'))).equals(Buffer.alloc(10_000, 7))).toBe(true);
    expect(await readFile(join(there, 'private', 'notes.json'), 'utf8')).toBe('');
    expect((await elsewhere.describe(artifact)).record).toMatchObject({ attempt: 1 });
    await runStage(twoFiles, { a: 2 }, { store });
    expect(runs).toBe(2);
  });

  it('finds and lists what is whole, and keeps nothing of the work', async () => {
    const artifact = await runStage(twoFiles, {}, { store });
    const other = await runStage(twoFiles, { seed: 1 }, { store });
    const elsewhere = await openOn('machine-2');
    expect(await elsewhere.list()).toEqual([artifact, other].sort((a, b) => (a.key < b.key ? -1 : 1)));
    await rm(await stored(other, 'weights.bin'));
    expect(await store.list()).toEqual([artifact]);
    expect(await store.find('unknown', artifact.key)).toBeUndefined();
    expect(await readdir(join(folder, 'working')).catch(() => [])).toEqual([]);
  });

  it('runs once when three processes race, and all get the same artefact', async () => {
    const artifacts = await Promise.all([1, 2, 3].map((machine) => startOn(`machine-${machine}`, 20).exited));
    expect(new Set(artifacts.map(({ sha256 }) => sha256)).size).toBe(1);
    expect((await readFile(join(base, 'log'), 'utf8')).trim().split('\n')).toHaveLength(1);
  });

  it('after kill -9 another process takes over and goes on from scratch', async () => {
    const killed = startOn('machine-1', 300);
    await killed.counted(8);
    killed.child.kill('SIGKILL');
    await expect(killed.exited).rejects.toThrow();

    const artifact = await startOn('machine-2', 0).exited;
    expect((artifact.facts as { from: number }).from).toBeGreaterThan(0);
    expect(await readdir(await store.verify(artifact))).not.toContain('from-0');
    expect((await store.describe(artifact)).record).toMatchObject({ attempt: 2 });
  });

  it('after an abort with its reason holds nothing, and another machine goes on from what was left', async () => {
    const abort = new AbortController();
    const stopsOnce: Stage<object, object> = {
      name: 'stopsOnce',
      version: 1,
      async run(_input, { scratchDir, signal }) {
        const found = await readdir(scratchDir);
        if (++runs > 1) return { found };
        await writeFile(join(scratchDir, 'checkpoint'), 'half-way');
        abort.abort(new Error('cancelled by the user'));
        signal.throwIfAborted();
        return {};
      },
    };
    await expect(runStage(stopsOnce, {}, { store, signal: abort.signal })).rejects.toThrow('cancelled by the user');
    expect(await store.list()).toEqual([]);
    const elsewhere = await openOn('machine-2');
    expect((await runStage(stopsOnce, {}, { store: elsewhere })).facts).toEqual({ found: ['checkpoint'] });
  });

  it('while it waits for another, stops on abort', async () => {
    const other = startOn('machine-1', 200);
    await other.counted(1);
    const abort = new AbortController();
    const count = { ...twoFiles, name: 'count' };
    const waiting = runStage(count, { to: 20 }, { store: await openOn('machine-2'), signal: abort.signal });
    await other.counted(4);
    abort.abort(new Error('cancelled by the user'));
    await expect(waiting).rejects.toThrow('cancelled by the user');
    expect(runs).toBe(0);
    await other.exited;
  });

  /** Flips a bit of what the store keeps. */
  async function flipBit(artifact: Artifact, file: string, offset: number): Promise<void> {
    const path = await stored(artifact, file);
    const bytes = await readFile(path);
    bytes[offset] = (bytes[offset] ?? 0) ^ 1;
    await writeFile(path, bytes);
  }

  it('notices a flipped bit of a file, names it, and makes it anew after a drop', async () => {
    const artifact = await runStage(twoFiles, {}, { store });
    await flipBit(artifact, 'weights.bin', 9_999);
    const elsewhere = await openOn('machine-2');
    const error = await elsewhere.verify(artifact).catch((error: unknown) => error);
    expect(error).toBeInstanceOf(CorruptArtifactError);
    expect(error).toMatchObject({ file: 'weights.bin', retryable: false });

    await elsewhere.drop(artifact);
    expect(await elsewhere.find(artifact.stage, artifact.key)).toBeUndefined();
    expect(await runStage(twoFiles, {}, { store: elsewhere })).toEqual(artifact);
    await (await openOn('machine-3')).verify(artifact);
  });

  it.each(['manifest.json', 'run.json', 'SHA256SUMS'])('makes anew what has a flipped bit in its %s', async (file) => {
    const artifact = await runStage(twoFiles, {}, { store });
    await flipBit(artifact, file, 20);
    const elsewhere = await openOn('machine-2');
    expect(await runStage(twoFiles, {}, { store: elsewhere })).toEqual(artifact);
    expect(runs).toBe(2);
    await (await openOn('machine-3')).verify(artifact);
  });

  it('makes a damaged input again, to the same bits', async () => {
    const artifact = await runStage(twoFiles, {}, { store });
    await flipBit(artifact, 'weights.bin', 0);
    const reader: Stage<{ from: Artifact }, { bytes: number }> = {
      name: 'reader',
      version: 1,
      run: async ({ from }, { open }) => ({ bytes: (await readFile(join(await open(from), 'weights.bin'))).length }),
    };
    const elsewhere = await openOn('machine-2');
    const stages = async () => twoFiles;
    const { facts } = await runStage(reader, { from: artifact }, { store: elsewhere, stages });
    expect(facts).toEqual({ bytes: 10_000 });
    expect(runs).toBe(2);
    await (await openOn('machine-3')).verify(artifact);
  });

  it('says that an artefact is missing', async () => {
    const unknown = { stage: 'twoFiles', key: '0'.repeat(64), sha256: '0'.repeat(64), facts: {} };
    await expect(store.verify(unknown)).rejects.toThrow(MissingArtifactError);
    await expect(store.describe(unknown)).rejects.toThrow(MissingArtifactError);
  });

  it('refuses a stage that leaves a symbolic link, and keeps nothing of it', async () => {
    const linking: Stage<object, object> = {
      name: 'linking',
      version: 1,
      run: async (_input, { outputDir }) => {
        await symlink('/tmp', join(outputDir, 'link'));
        return {};
      },
    };
    await expect(runStage(linking, {}, { store })).rejects.toThrow(/^store: link in .* is neither a file nor a folder/);
    expect(await store.list()).toEqual([]);
  });
});
