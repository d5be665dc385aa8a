import { setTimeout } from 'node:timers/promises';
import type { Command, Run } from './experiment.ts';
import { momentOf } from './moment.ts';
import { childOf } from './processes.ts';

const POLL_MS = 20;
const PATIENCE_MS = 120_000;

/** Waits until something is so. */
export async function eventually(isSo: () => boolean | Promise<boolean>): Promise<void> {
  for (const deadline = Date.now() + PATIENCE_MS; !(await isSo()); await setTimeout(POLL_MS)) {
    if (Date.now() > deadline) throw new Error(`not within ${PATIENCE_MS / 1000} s: ${isSo}`);
  }
}

/**
 * Waits until the compute child of a run works at a step.
 *
 * @returns its process id
 * @throws Error with all that the command printed if it ends before
 */
export async function meetStep(run: Run, step: string, command: Command): Promise<number> {
  for (;;) {
    const child = childOf(run.store);
    if (child !== undefined && momentOf(child).step === step) return child;
    if (command.outcome !== undefined) {
      throw new Error(`the command ended with ${command.outcome} before ${step}: ${await command.printed()}`);
    }
    await setTimeout(POLL_MS);
  }
}
