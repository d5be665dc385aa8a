import { activities, type Activity } from './moment.ts';
import type { Random } from './random.ts';

/** What is killed: the local server with the worker in it, its compute child, Temporal, the command, or all of them. */
export const victims = ['child', 'worker', 'server', 'command', 'all'] as const;
export type Victim = (typeof victims)[number];

/** A kill to be made: of whom, during which step of the workflow, and at what. */
export interface Aim {
  readonly victim: Victim;
  readonly activity: Activity;
  readonly step: string;
}

/** The steps during which an activity can be met, in the order in which they run. */
const stepsOf: Readonly<Partial<Record<Activity, readonly string[]>>> = {
  ingest: ['ingest-train', 'ingest-test', 'ingest-published'],
  'marking network': ['train-marking-network'],
  marking: ['mark-images'],
  publishing: ['publish'],
  'suspect, control': ['train-suspect', 'train-control'],
  checkpointing: [
    ...['ingest-train', 'train-marking-network', 'mark-images', 'publish'],
    ...['train-suspect', 'train-control', 'extract-evidence-suspect'],
  ],
  'writing files': ['ingest-train', 'train-marking-network', 'mark-images', 'publish', 'train-suspect'],
  detection: [
    'fit-references',
    'extract-evidence-suspect',
    'extract-evidence-control',
    'judge-suspect',
    'judge-control',
  ],
  report: ['write-report'],
};

/** How many kills of each victim there were in each activity. */
export type Counts = ReadonlyMap<string, number>;
export const cell = (activity: Activity, victim: Victim): string => `${activity}/${victim}`;

/**
 * Aims for one run: those pairs of activity and victim that are furthest below their share so far, ties at random.
 *
 * @param wanted - kills of each victim in each activity
 */
export function chooseAims(
  count: number,
  wanted: Readonly<Record<Victim, number>>,
  counts: Counts,
  random: Random,
): Aim[] {
  const cells = activities
    .filter((activity) => stepsOf[activity])
    .flatMap((activity) => victims.map((victim) => ({ activity, victim, tie: random.unit() })))
    .map((each) => ({ ...each, share: (counts.get(cell(each.activity, each.victim)) ?? 0) / wanted[each.victim] }))
    .filter(({ share }) => share < 1)
    .sort((a, b) => a.share - b.share || a.tie - b.tie);
  return cells.slice(0, count).map(({ activity, victim }) => ({
    activity,
    victim,
    step: random.pick(stepsOf[activity] ?? []),
  }));
}
