import { appendFile, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { runStage } from './run-stage.ts';
import { RunStore } from './run-store.ts';
import type { Stage } from './stage.ts';

test('what a stage leaves in its folder for logs stays from one attempt to the next, and out of the artefact', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'log-dir-'));
  const store = await RunStore.open(folder);
  let attempts = 0;
  const watched: Stage<object, object> = {
    name: 'example',
    version: 1,
    async run(_input, { logDir }) {
      await mkdir(logDir, { recursive: true });
      await appendFile(join(logDir, 'log'), `attempt ${++attempts}\n`);
      if (attempts === 1) throw new Error('cut off');
      return {};
    },
  };
  await expect(runStage(watched, {}, { store })).rejects.toThrow('cut off');
  const artifact = await runStage(watched, {}, { store });
  const log = join(folder, 'logs', artifact.stage, artifact.key, 'log');
  expect(await readFile(log, 'utf8')).toBe('attempt 1\nattempt 2\n');
  expect((await store.describe(artifact)).manifest.files).toEqual({});
  await store.verify(artifact);
  await rm(folder, { recursive: true });
});
