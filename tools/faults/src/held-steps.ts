import { mkdir, writeFile } from 'node:fs/promises';
import type { Command, Run } from './experiment.ts';
import { eventually, meetStep } from './meet-step.ts';
import { isAlive, isStopped, isToldToEnd, signal } from './processes.ts';

/** Every stage that an experiment runs, by the first of its steps, and when its child stops: see `hold-child.mjs`. */
export const heldSteps = [
  'ingest-train progress',
  'train-marking-network progress',
  'choose-images lock',
  'mark-images progress',
  'join-versions lock',
  'publish progress',
  'fit-references lock',
  'extract-evidence-suspect progress',
  'judge-suspect lock',
  'calibrate lock',
  'write-report lock',
] as const;
/** The demo has one more before these. */
export type HeldStep = (typeof heldSteps)[number] | 'generate-corpus progress';

/** Has the child of a step stop when it comes there, and those of all other steps run through. */
export async function hold(run: Run, step: HeldStep | undefined): Promise<void> {
  await mkdir(run.folder, { recursive: true });
  await writeFile(run.hold, step ?? '');
}

/** Waits until the child of a step has stopped; its process id. @throws Error if it ends without */
export async function heldChild(run: Run, step: HeldStep, command: Command): Promise<number> {
  const child = await meetStep(run, step.split(' ')[0] ?? '', command);
  await eventually(() => isStopped(child) || !isAlive(child));
  if (!isAlive(child)) throw new Error(`the child of ${step} was not held`);
  return child;
}

/** Lets a child that is held go on once it has been told to end: so it hears of that in the midst of its stage. */
export async function releaseWhenTold(child: number): Promise<void> {
  await eventually(() => isToldToEnd(child));
  signal(child, 'SIGCONT');
}
