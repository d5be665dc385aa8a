import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { RunStore, runStage, type Stage } from '@radiotracer/store';
import { machineNotes } from './machine-notes.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'radiotracer-notes-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test('a stage that went on with another TensorFlow is told, others are not', async () => {
  const store = await RunStore.open(folder);
  let isFirst = true;
  const train: Stage<object, object> = {
    name: 'trainNetwork',
    version: 1,
    async run(_input, { scratchDir }) {
      await writeFile(join(scratchDir, 'checkpoint'), '');
      if (isFirst) throw new Error('power cut');
      return {};
    },
  };
  const run = (tensorflow: string, input: object) => runStage(train, input, { store, software: { tensorflow } });
  await expect(run('2.20.0', {})).rejects.toThrow('power cut');
  isFirst = false;
  const moved = await run('2.21.0', {});
  const stayed = await run('2.21.0', { seed: 2 });
  const notes = await machineNotes(store, { models: [{ network: moved }], other: stayed, count: 3 });
  expect(notes).toEqual([
    expect.stringMatching(
      /^note: trainNetwork [0-9a-f]{12} went .* tensorflow 2\.20\.0 → .* tensorflow 2\.21\.0\); its/,
    ),
  ]);
});
