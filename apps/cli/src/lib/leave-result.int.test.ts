import { mkdtemp, mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { RunStore, runStage, type Stage } from '@radiotracer/store';
import { findResult, leaveResult } from './leave-result.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'radiotracer-left-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const publish: Stage<object, object> = {
  name: 'publish',
  version: 1,
  async run(_input, { outputDir }) {
    for (const name of ['published', 'private']) {
      await mkdir(join(outputDir, name));
      await writeFile(join(outputDir, name, 'file'), name);
    }
    return {};
  },
};

test('the private half of a publication is open to its owner alone, also the second time', async () => {
  const store = await RunStore.open(join(folder, 'store'));
  const publication = await runStage(publish, {}, { store });
  const input = { store: store.root, locations: {} };
  const record = { id: 'a', workflow: 'mark', out: join(folder, 'out'), input } as const;
  await mkdir(record.out);
  for (let time = 0; time < 2; time++) {
    await leaveResult(store, record, { publication });
    expect((await stat(join(record.out, 'private'))).mode & 0o777).toBe(0o700);
    expect((await stat(join(record.out, 'published'))).mode & 0o077).not.toBe(0);
    expect((await stat(join(record.out, 'private/file'))).isFile()).toBe(true);
  }
  expect(await findResult(record.out)).toEqual({ publication });
  expect(await findResult(folder)).toBeUndefined();
});

test('two commands that watched one run leave a whole result', async () => {
  const store = await RunStore.open(join(folder, 'store'));
  const publication = await runStage(publish, {}, { store });
  const input = { store: store.root, locations: {} };
  const record = { id: 'a', workflow: 'mark', out: join(folder, 'out'), input } as const;
  await mkdir(record.out);
  await Promise.all([1, 2, 3, 4].map(() => leaveResult(store, record, { publication })));
  expect((await readdir(record.out)).sort()).toEqual(['private', 'published', 'result.json']);
  for (const name of ['private', 'published']) expect(await readdir(join(record.out, name))).toEqual(['file']);
});
