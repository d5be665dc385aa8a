import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import type { Aim } from './aim.ts';
import { Scene } from './experiment.ts';
import { leftBehind } from './left-behind.ts';
import { Random } from './random.ts';
import { resultHash } from './result-hash.ts';
import { runWithKills } from './run-with-kills.ts';

/* The short form of the kill matrix (`npm run test:faults`): one killed run, and one that is left alone beside it. */
jest.setTimeout(300_000);
let scene: Scene;
beforeAll(async () => {
  scene = await Scene.make(await mkdtemp(join(tmpdir(), 'radiotracer-faults-')));
});
afterAll(() => rm(scene.folder, { recursive: true }));

test('killed anywhere, the same command given again comes to the same result, and leaves nothing behind', async () => {
  const aims: Aim[] = [
    { victim: 'child', activity: 'ingest', step: 'ingest-train' },
    { victim: 'child', activity: 'checkpointing', step: 'train-marking-network' },
    { victim: 'command', activity: 'marking', step: 'mark-images' },
    { victim: 'all', activity: 'suspect, control', step: 'train-suspect' },
  ];
  const [alone, run] = [scene.run('alone'), scene.run('killed')];
  const [, killed] = await Promise.all([
    runWithKills(alone, [], {}, new Random(1)),
    runWithKills(run, aims, { 'ingest-train': 0.3, 'mark-images': 1, 'train-suspect': 1.5 }, new Random(1)),
  ]);
  expect(killed.kills.map(({ victim }) => victim)).toEqual(expect.arrayContaining(['child', 'command', 'all']));
  expect(killed.outcomes).toContain('SIGKILL');
  expect(killed.outcomes.at(-1)).toBe(0);
  expect(await resultHash(run.store, run.out)).toBe(await resultHash(alone.store, alone.out));
  await (
    await run.command(['server', 'stop', '--store', run.store])
  ).ended;
  expect(await leftBehind(run)).toEqual([]);
  expect(await leftBehind(alone)).toEqual([]);
});
