import { watch, type FSWatcher } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { Aim, Victim } from './aim.ts';
import type { Command, Run } from './experiment.ts';
import { momentOf, type Activity } from './moment.ts';
import { childOf, processesOf, signal } from './processes.ts';
import type { Random } from './random.ts';

/** A kill as it was made. */
export interface Kill {
  readonly victim: Victim;
  /** What the child was doing when it was stopped for good. */
  readonly activity: Activity;
  readonly step: string | undefined;
  /** Seconds since the run's first command. */
  readonly atSeconds: number;
}

export interface KilledRun {
  readonly kills: readonly Kill[];
  /** How often the command was given, and how each ended. */
  readonly outcomes: readonly (number | string)[];
  readonly seconds: number;
  /** By step, how long its last child lived. */
  readonly stepSeconds: Readonly<Record<string, number>>;
}

const POLL_MS = 20;
const LONGEST_MS = 30 * 60_000;

/**
 * Runs the experiment, with kills as aimed. Whenever the command has ended, however it did, but for success, the same
 * command is given again, and nothing else is done.
 *
 * @param usual - seconds that the child of each step lives when it is left alone
 * @throws Error if the run has not ended after half an hour, or a command ends for another cause than the kills
 */
export async function runWithKills(
  run: Run,
  aims: readonly Aim[],
  usual: Readonly<Record<string, number>>,
  random: Random,
): Promise<KilledRun> {
  const begun = performance.now();
  const kills: Kill[] = [];
  const outcomes: (number | string)[] = [];
  const stepSeconds: Record<string, number> = {};
  const left = [...aims];
  let command = await run.start();
  let current: { readonly child: number; readonly since: number; readonly step: string | undefined } | undefined;
  let armed: Armed | undefined;

  const strike = (victim: Victim, child: number): void => {
    armed?.cancel();
    armed = undefined;
    signal(child, 'SIGSTOP'); // so that it is still at it when it is looked at
    const { activity, step } = momentOf(child);
    const processes = processesOf(run.store);
    const all = { ...processes, child, command: command.process.pid };
    const killed = victim === 'all' ? Object.values(all) : [all[victim]];
    for (const pid of killed) signal(pid, 'SIGSTOP');
    for (const pid of killed) signal(pid, 'SIGKILL');
    if (!killed.includes(child)) signal(child, 'SIGCONT');
    kills.push({ victim, activity, step, atSeconds: (performance.now() - begun) / 1000 });
  };

  for (;;) {
    if (performance.now() - begun > LONGEST_MS)
      throw new Error(`faults: no end of ${run.folder}: ${await command.printed()}`);
    if (command.outcome !== undefined) {
      outcomes.push(command.outcome);
      if (command.outcome === 0) break;
      await expectForeseen(command);
      command = await run.start();
    }
    const child = childOf(run.store);
    if (child !== current?.child) {
      if (current?.step !== undefined) stepSeconds[current.step] = (performance.now() - current.since) / 1000;
      armed?.cancel();
      armed = undefined;
      current = child === undefined ? undefined : { child, since: performance.now(), step: momentOf(child).step };
      const index = left.findIndex(({ step }) => step === current?.step);
      const [aim] = index < 0 ? [] : left.splice(index, 1);
      if (aim && child !== undefined) armed = arm(aim, child, usual[aim.step] ?? 1, random, strike);
    }
    armed?.poll();
    await setTimeout(POLL_MS);
  }
  armed?.cancel();
  return { kills, outcomes, seconds: (performance.now() - begun) / 1000, stepSeconds };
}

/** A kill that waits for its moment. */
interface Armed {
  /** To be called every now and then. */
  poll(): void;
  cancel(): void;
}

/** Files that come into being before the one that is waited for: any of the first few. */
const FILES_LET_PASS = { checkpointing: 4, 'writing files': 2 };

function arm(
  { activity, victim }: Aim,
  child: number,
  usualSeconds: number,
  random: Random,
  strike: (victim: Victim, child: number) => void,
): Armed {
  if (activity !== 'checkpointing' && activity !== 'writing files') {
    const due = performance.now() + random.unit() * usualSeconds * 1000;
    return { poll: () => performance.now() >= due && strike(victim, child), cancel: () => undefined };
  }
  let toPass = random.integer(FILES_LET_PASS[activity]);
  let watcher: FSWatcher | undefined;
  return {
    poll() {
      const { working, attempt } = momentOf(child);
      if (watcher || working === undefined) return;
      const folder = join(working, activity === 'checkpointing' ? 'scratch' : `output-${attempt}`);
      try {
        watcher = watch(folder, (event, file) => {
          const isBegun = event === 'rename' && (activity === 'writing files' || file?.startsWith('.'));
          if (isBegun && toPass-- === 0) strike(victim, child);
        });
        watcher.on('error', () => undefined); // the folder went away
      } catch {
        // not there yet
      }
    },
    cancel: () => watcher?.close(),
  };
}

/** A command ends because it was killed (a signal), or because the server it needs was (exit code 5). */
async function expectForeseen(command: Command): Promise<void> {
  if (typeof command.outcome === 'string' || command.outcome === 5) return;
  throw new Error(`faults: the command ended with ${command.outcome}: ${await command.printed()}`);
}

/** The progress that the children told, in their order. */
export interface Told {
  readonly pid: number;
  readonly log: string;
  readonly done: number;
  readonly total: number;
  readonly unit: string;
}

export async function readTrace(run: Run): Promise<Told[]> {
  const text = await readFile(run.trace, 'utf8').catch(() => '');
  return text.split('\n').flatMap((line) => {
    try {
      return [JSON.parse(line) as Told];
    } catch {
      return []; // the last line of a child that was killed
    }
  });
}
