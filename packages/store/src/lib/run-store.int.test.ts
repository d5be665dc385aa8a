import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { chmod, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Artifact } from './artifact.ts';
import { CorruptArtifactError } from './errors.ts';
import { runStage } from './run-stage.ts';
import { RunStore } from './run-store.ts';
import type { Stage } from './stage.ts';

const twoFiles: Stage<object, object> = {
  name: 'twoFiles',
  version: 1,
  async run(_input, { outputDir }) {
    await mkdir(join(outputDir, 'private'));
    await writeFile(join(outputDir, 'weights.bin'), new Uint8Array(10_000).fill(7));
    await writeFile(join(outputDir, 'private', 'notes.json'), '{}');
    return {};
  },
};

let folder: string;
let store: RunStore;
let artifact: Artifact;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'radiotracer-store-'));
  store = await RunStore.open(folder);
  artifact = await runStage(twoFiles, {}, { store });
});
afterEach(() => rm(folder, { recursive: true }));

/** Flips one bit of one of the artefact's files. */
async function flipBit(file: string, offset: number): Promise<void> {
  const path = join(store.folder(artifact), file);
  const bytes = await readFile(path);
  bytes[offset] = (bytes[offset] ?? 0) ^ 1;
  await writeFile(path, bytes);
}

describe('RunStore.open', () => {
  const mode = async (path: string): Promise<number> => (await stat(path)).mode & 0o777;

  it('makes a new folder for its owner alone, and leaves the mode of those that are there', async () => {
    await chmod(folder, 0o755);
    const made = await RunStore.open(join(folder, 'runs', 'store'));
    expect(await mode(made.root)).toBe(0o700);
    expect(await mode(join(folder, 'runs'))).toBe(0o777 & ~process.umask());
    await RunStore.open(folder);
    expect(await mode(folder)).toBe(0o755);
  });
});

describe('RunStore.verify', () => {
  it.each([
    ['weights.bin', 0],
    ['weights.bin', 9_999],
    ['private/notes.json', 1],
  ])('notices one flipped bit in %s at %d and names the file', async (file, offset) => {
    await flipBit(file, offset);
    const error = await store.verify(artifact).catch((error: unknown) => error);
    expect(error).toBeInstanceOf(CorruptArtifactError);
    expect(error).toMatchObject({ file, retryable: false });
    expect((error as Error).message).toContain(file);
  });

  it('notices a flipped bit anywhere in the manifest', async () => {
    const { length } = await readFile(join(store.folder(artifact), 'manifest.json'));
    for (let offset = 0; offset < length; offset += 7) {
      await flipBit('manifest.json', offset);
      await expect(store.verify(artifact)).rejects.toMatchObject({ file: 'manifest.json' });
      await flipBit('manifest.json', offset);
    }
    await store.verify(artifact);
  });

  it('notices a missing file, and one too many', async () => {
    const extra = join(store.folder(artifact), 'extra.arrow');
    await writeFile(extra, '');
    await expect(store.verify(artifact)).rejects.toMatchObject({ file: 'extra.arrow' });
    await rm(extra);
    await rm(join(store.folder(artifact), 'weights.bin'));
    await expect(store.verify(artifact)).rejects.toMatchObject({ file: 'weights.bin', reason: 'is missing' });
  });

  it('checks the other hash when it is given another reference to a verified artefact', async () => {
    await store.verify(artifact);
    await expect(store.verify({ ...artifact, sha256: '0'.repeat(64) })).rejects.toThrow(CorruptArtifactError);
  });

  it('is what a stage opens its inputs with', async () => {
    const reader: Stage<{ from: Artifact }, { bytes: number }> = {
      name: 'reader',
      version: 1,
      run: async ({ from }, { open }) => ({ bytes: (await readFile(join(await open(from), 'weights.bin'))).length }),
    };
    expect((await runStage(reader, { from: artifact }, { store })).facts).toEqual({ bytes: 10_000 });
    await flipBit('weights.bin', 5);
    const another = await RunStore.open(folder);
    const renamed = { ...reader, name: 'reader2' };
    await expect(runStage(renamed, { from: artifact }, { store: another })).rejects.toThrow(CorruptArtifactError);
  });
});

describe('RunStore', () => {
  it('finds and lists what has its descriptions, beside files that are none of its own', async () => {
    const other = await runStage(twoFiles, { seed: 1 }, { store });
    await rm(join(store.folder(other), 'manifest.json'));
    for (const name of ['.DS_Store', 'twoFiles/.DS_Store']) await writeFile(join(folder, 'artifacts', name), '');
    expect(await store.list()).toEqual([artifact]);
    expect(await store.find(other.stage, other.key)).toBeUndefined();
  });
});
