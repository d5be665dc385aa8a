import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { copyFile, mkdtemp, readFile, readdir, rm, truncate, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Artifact } from './artifact.ts';
import { InvalidStageError } from './errors.ts';
import { runStage } from './run-stage.ts';
import { RunStore } from './run-store.ts';
import type { Stage, StageContext } from './stage.ts';

let folder: string;
let store: RunStore;
let runs: number;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'radiotracer-store-'));
  store = await RunStore.open(join(folder, 'store'));
  runs = 0;
});
afterEach(() => rm(folder, { recursive: true }));

/** A stage that counts its runs. */
function stage<Input>(run: (input: Input, context: StageContext) => Promise<void>): Stage<Input, { ok: boolean }> {
  return {
    name: 'example',
    version: 1,
    run: async (input, context) => {
      runs++;
      await run(input, context);
      return { ok: true };
    },
  };
}
const greet = stage<object>((input, { outputDir }) => writeFile(join(outputDir, 'greeting.txt'), 'hello'));

/* What does not depend on the kind of store; `store.int.test.ts` has what each has to do. */
describe('runStage', () => {
  it('commits files, manifest and run record, and leaves no working folder', async () => {
    const artifact = await runStage(greet, { to: 'you' }, { store });
    expect(await store.verify(artifact)).toBe(store.folder(artifact));
    expect((await readdir(store.folder(artifact))).sort()).toEqual([
      'SHA256SUMS',
      'greeting.txt',
      'manifest.json',
      'run.json',
    ]);
    expect(JSON.parse(await readFile(join(store.folder(artifact), 'manifest.json'), 'utf8'))).toEqual({
      stage: 'example',
      version: 1,
      key: artifact.key,
      input: { to: 'you' },
      facts: { ok: true },
      files: {
        'greeting.txt': {
          sha256: '2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824',
          sizeBytes: 5,
        },
      },
    });
    const { record } = await store.describe(artifact);
    expect(record).toMatchObject({ attempt: 1, machine: { node: process.version } });
    expect(await readdir(join(store.root, 'working'))).toEqual([]);
  });

  it('records the versions of software that it is told, and none otherwise; neither is part of the key', async () => {
    const software = { radiotracer: '0.1.0', tensorflow: '2.21.0' };
    const told = await runStage(greet, {}, { store, software });
    expect((await store.describe(told)).record.machine).toMatchObject({ software });
    await store.drop(told);
    const untold = await runStage(greet, {}, { store });
    expect(untold).toEqual(told);
    expect((await store.describe(untold)).record.machine).not.toHaveProperty('software');
  });

  it('says which other kinds of machine left a scratch that it went on from', async () => {
    const failsTwice = stage(async (_input: object, { scratchDir }) => {
      if (runs > 1) await writeFile(join(scratchDir, 'checkpoint'), '');
      if (runs < 4) throw new Error('power cut');
    });
    const run = (tensorflow: string) => runStage(failsTwice, {}, { store, software: { tensorflow } });
    await expect(run('0')).rejects.toThrow('power cut'); // leaves nothing
    await expect(run('1')).rejects.toThrow('power cut');
    await expect(run('2')).rejects.toThrow('power cut');
    const { record } = await store.describe(await run('2'));
    expect(record).toMatchObject({ attempt: 4, machine: { software: { tensorflow: '2' } } });
    expect(record.earlierMachines).toMatchObject([{ software: { tensorflow: '1' } }]);
  });

  it('runs an input once, in whatever order its properties come', async () => {
    const first = await runStage(greet, { a: 1, b: { c: 2, d: 3 } }, { store });
    const again = await runStage(greet, { b: { d: 3, c: 2 }, a: 1 }, { store: await RunStore.open(store.root) });
    expect(again).toEqual(first);
    expect(runs).toBe(1);
    await runStage(greet, { a: 2, b: { c: 2, d: 3 } }, { store });
    await runStage({ ...greet, version: 2 }, { a: 1, b: { c: 2, d: 3 } }, { store });
    expect(runs).toBe(3);
  });

  it('runs once when asked twice at the same time in one process', async () => {
    const [a, b] = await Promise.all([runStage(greet, {}, { store }), runStage(greet, {}, { store })]);
    expect(a).toEqual(b);
    expect(runs).toBe(1);
  });

  it('after a failure keeps scratch, empties output and counts the attempt', async () => {
    const failsOnce = stage(async (_input: object, { outputDir, scratchDir }) => {
      expect(await readdir(outputDir)).toEqual([]);
      expect(await readdir(scratchDir)).toEqual(runs === 1 ? [] : ['checkpoint']);
      await writeFile(join(scratchDir, 'checkpoint'), 'half-way');
      await writeFile(join(outputDir, `part-${runs}`), '');
      if (runs === 1) throw new Error('power cut');
    });
    await expect(runStage(failsOnce, {}, { store })).rejects.toThrow('power cut');
    expect(await store.list()).toEqual([]);
    const artifact = await runStage(failsOnce, {}, { store });
    expect(await readdir(store.folder(artifact))).toContain('part-2');
    expect(await readdir(store.folder(artifact))).not.toContain('part-1');
    expect((await store.describe(artifact)).record).toMatchObject({ attempt: 2 });
  });

  it('is not disturbed by a process that was frozen, lost its lock, and wakes up', async () => {
    let wake = () => {};
    let frozen = () => {};
    const isFrozen = new Promise<void>((resolve) => (frozen = resolve));
    const freezesOnce = stage(async (_input: object, { outputDir }) => {
      if (runs === 1) {
        frozen();
        await new Promise<void>((resolve) => (wake = resolve));
        await writeFile(join(outputDir, 'weights'), 'half');
      } else {
        await writeFile(join(outputDir, 'weights'), 'whole');
      }
    });
    const first = runStage(freezesOnce, {}, { store });
    first.catch(() => undefined);
    await isFrozen;
    const working = join(store.root, 'working', (await readdir(join(store.root, 'working'))).join());
    await utimes(join(working, 'lock-1'), 0, 0); // as if it had long given no sign of life

    const artifact = await runStage(freezesOnce, {}, { store });
    wake();
    await expect(first).rejects.toMatchObject({ name: 'LockLostError', retryable: true });
    expect(await readFile(join(await store.verify(artifact), 'weights'), 'utf8')).toBe('whole');
    expect(await runStage(freezesOnce, {}, { store })).toEqual(artifact);
  });

  it('makes an artefact anew when a file is missing or has another size', async () => {
    const artifact = await runStage(greet, {}, { store });
    await truncate(join(store.folder(artifact), 'greeting.txt'), 4);
    await runStage(greet, {}, { store });
    await rm(join(store.folder(artifact), 'greeting.txt'));
    expect(await runStage(greet, {}, { store })).toEqual(artifact);
    expect(runs).toBe(3);
    await store.verify(artifact);
  });

  describe('with a damaged input', () => {
    const copy: Stage<{ from: Artifact }, object> = {
      name: 'copy',
      version: 1,
      async run({ from }, { open, outputDir }) {
        await copyFile(join(await open(from), 'greeting.txt'), join(outputDir, 'copy.txt'));
        return {};
      },
    };
    const stages = async () => greet as Stage<never, unknown>;
    const damage = (artifact: Artifact): Promise<void> =>
      writeFile(join(store.folder(artifact), 'greeting.txt'), 'jello');

    it('makes the input again, to the same bits, once for all who need it', async () => {
      const from = await runStage(greet, {}, { store });
      await damage(from);
      const copies = [1, 2, 3].map(async (n) =>
        runStage({ ...copy, name: `copy${n}` }, { from }, { store: await RunStore.open(store.root), stages }),
      );
      for (const made of await Promise.all(copies)) {
        expect(await readFile(join(store.folder(made), 'copy.txt'), 'utf8')).toBe('hello');
      }
      expect(runs).toBe(2);
      await store.verify(from);
      expect(await readdir(join(store.root, 'working'))).toEqual([]);
    });

    it('says what is damaged, and leaves it, where it comes out otherwise now', async () => {
      const from = await runStage(greet, {}, { store });
      await damage(from);
      const other = stage<object>((_input, { outputDir }) => writeFile(join(outputDir, 'greeting.txt'), 'hallo'));
      const run = runStage(copy, { from }, { store, stages: async () => other as Stage<never, unknown> });
      await expect(run).rejects.toThrow(/^store: manifest.json in .* was made again, and has SHA-256 .* not /);
      expect(await readFile(join(store.folder(from), 'greeting.txt'), 'utf8')).toBe('jello');
    });

    it('says what is damaged where its stage is not known, has another version, or the manifest is what is damaged', async () => {
      const from = await runStage(greet, {}, { store });
      await damage(from);
      const message = /^store: greeting.txt in .* has SHA-256/;
      await expect(runStage(copy, { from }, { store })).rejects.toThrow(message);
      const newer = async () => ({ ...greet, version: 2 }) as Stage<never, unknown>;
      await expect(runStage(copy, { from }, { store, stages: newer })).rejects.toThrow(message);
      await writeFile(join(store.folder(from), 'manifest.json'), '{}');
      await expect(runStage(copy, { from }, { store, stages })).rejects.toThrow(/^store: manifest.json in /);
      expect(runs).toBe(1);
    });
  });

  it('says that a disk is full, what to do, and that another attempt does not help', async () => {
    const fills = stage(async () => {
      throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
    });
    await expect(runStage(fills, {}, { store })).rejects.toMatchObject({
      name: 'StorageError',
      retryable: false,
      message:
        `store: ${store.root} cannot be written (ENOSPC: no space left on device, write); ` +
        'make room on its disk, then run the same again',
    });
  });

  it('refuses input that JSON cannot hold, and names it', async () => {
    await expect(runStage(greet, { rates: [0.1, NaN] }, { store })).rejects.toThrow(
      new InvalidStageError('store: input.rates[1] must be JSON, found NaN; leave it out or write it as JSON'),
    );
    expect(runs).toBe(0);
  });

  it('refuses facts that JSON cannot hold, names the stage, and commits nothing', async () => {
    const bad = { name: 'bad', version: 1, run: () => Promise.resolve({ loss: Infinity }) };
    await expect(runStage(bad, {}, { store })).rejects.toThrow('store: facts of bad.loss must be JSON, found Infinity');
    expect(await store.list()).toEqual([]);
  });

  it("refuses a stage's file with a name that the store uses", async () => {
    const bad = stage((_input: object, { outputDir }) => writeFile(join(outputDir, 'manifest.json'), '{}'));
    await expect(runStage(bad, {}, { store })).rejects.toThrow('stage example wrote manifest.json');
  });
});
