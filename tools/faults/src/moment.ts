import { dirname, join } from 'node:path';
import { listing, openFiles } from './processes.ts';

/** What a run was doing, in the words of the table. */
export const activities = [
  'ingest',
  'marking network',
  'marking',
  'publishing',
  'suspect, control',
  'checkpointing',
  'writing files',
  'detection',
  'report',
  'between stages',
] as const;
export type Activity = (typeof activities)[number];

/** What the compute child of a store is doing. */
export interface Moment {
  /** The workflow's step, such as `train-suspect`; undefined between two. */
  readonly step: string | undefined;
  readonly activity: Activity;
  /** Of the attempt, once it has begun: `<store>/working/<stage>-<key>`. */
  readonly working: string | undefined;
  readonly attempt: number | undefined;
}

/**
 * Tells from the files that a child has open what it does: its log names the step, its lock the working folder and the
 * attempt. Exact if the child is stopped meanwhile.
 */
export function momentOf(child: number | undefined): Moment {
  const files = child === undefined ? [] : openFiles(child);
  const step = files.map((file) => /\/logs\/[a-z]+-[0-9a-f]+-([\w-]+)\.log$/.exec(file)?.[1]).find(Boolean);
  const lock = files.map((file) => /^(.*\/working\/[^/]+)\/lock-(\d+)$/.exec(file)).find(Boolean);
  const [, working, attempt] = lock ?? [];
  return {
    step,
    activity: activityOf(step, files, working, attempt),
    working,
    attempt: attempt === undefined ? undefined : Number(attempt),
  };
}

function activityOf(
  step: string | undefined,
  files: readonly string[],
  working: string | undefined,
  attempt: string | undefined,
): Activity {
  if (step === undefined) return 'between stages';
  if (working !== undefined) {
    if (listing(join(working, `output-${attempt}`)).length > 0) return 'writing files';
    const scratch = join(working, 'scratch');
    const hidden = files.filter((file) => file.startsWith(`${scratch}/.`));
    // `makePart` writes into a hidden folder, `writeFileAtomic` a hidden file
    if (hidden.some((file) => dirname(file) !== scratch)) return 'writing files';
    if (hidden.length > 0) return 'checkpointing';
  }
  if (step.startsWith('ingest')) return 'ingest';
  if (step === 'train-marking-network') return 'marking network';
  if (['choose-images', 'mark-images', 'join-versions'].includes(step)) return 'marking';
  if (step === 'publish') return 'publishing';
  if (step.startsWith('train')) return 'suspect, control';
  return step === 'write-report' ? 'report' : 'detection';
}
