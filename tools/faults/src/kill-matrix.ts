/**
 * The kill matrix: the same experiment again and again, killed at random moments, and whether its result is the one of
 * the run that was left alone. Writes `docs/results/faults.json` and `faults.md` after every run.
 *
 *     npm run test:faults -- [--kills 100] [--seed 1] [--folder <an empty folder>]
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { cell, chooseAims, type Victim } from './aim.ts';
import { Scene } from './experiment.ts';
import { leftBehind } from './left-behind.ts';
import { Random } from './random.ts';
import { repeatedWork } from './repeated-work.ts';
import { resultHash } from './result-hash.ts';
import { readTrace, runWithKills } from './run-with-kills.ts';
import { machine, saveResults, type KillMatrix } from './results.ts';

/**
 * Kills of each victim in each activity. A killed worker or Temporal costs the half minute in which nothing is heard of
 * it, a killed child or command next to nothing.
 */
const wanted: Readonly<Record<Victim, number>> = { child: 5, command: 2, worker: 2, server: 2, all: 2 };
const AIMS_OF_A_RUN = 8;

const { values: flags } = parseArgs({
  options: { kills: { type: 'string', default: '100' }, seed: { type: 'string' }, folder: { type: 'string' } },
});
const kills = Number(flags.kills);
const seed = flags.seed === undefined ? Date.now() % 1_000_000 : Number(flags.seed);
console.log(`seed ${seed}`);

const folder = flags.folder ?? (await mkdtemp(join(tmpdir(), 'radiotracer-faults-')));
const scene = await Scene.make(folder);
const random = new Random(seed);
const undisturbed = scene.run('undisturbed');
const alone = await runWithKills(undisturbed, [], {}, random);
const expected = await resultHash(undisturbed.store, undisturbed.out);
console.log(`undisturbed: ${alone.seconds.toFixed(1)} s, ${expected}`);

const matrix: KillMatrix = {
  ...machine(),
  seed,
  undisturbed: { seconds: alone.seconds, resultHash: expected },
  runs: [],
};
const counts = new Map<string, number>();
for (let i = 1, made = 0; made < kills; i++) {
  const aims = chooseAims(AIMS_OF_A_RUN, wanted, counts, random);
  if (aims.length === 0) break;
  const run = scene.run(`run-${i}`);
  const killed = await runWithKills(run, aims, alone.stepSeconds, random);
  await (
    await run.command(['server', 'stop', '--store', run.store])
  ).ended; // a killed command leaves it up
  for (const { activity, victim } of killed.kills) {
    const name = cell(activity, victim);
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  made += killed.kills.length;
  const hash = await resultHash(run.store, run.out);
  const left = await leftBehind(run);
  matrix.runs.push({
    kills: killed.kills,
    outcomes: killed.outcomes,
    seconds: killed.seconds,
    repeated: repeatedWork(await readTrace(run)),
    resultHash: hash,
    leftBehind: left,
  });
  await saveResults({ killMatrix: matrix });
  const verdict = hash === expected ? 'the same result' : `ANOTHER RESULT: ${hash}, see ${run.folder}`;
  console.log(
    `run ${i}: ${killed.kills.length} kills (${made}), ${killed.seconds.toFixed(0)} s, ${verdict} ${left.join(', ')}`,
  );
  if (hash === expected) await rm(run.folder, { recursive: true });
}
const isSame = matrix.runs.every((run) => run.resultHash === expected && run.leftBehind.length === 0);
if (isSame && flags.folder === undefined) await rm(folder, { recursive: true });
process.exitCode = isSame ? 0 : 1;
