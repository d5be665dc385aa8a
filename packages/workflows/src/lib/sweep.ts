import {
  ApplicationFailure,
  CancellationScope,
  CancelledFailure,
  continueAsNew,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import type { StudiedExperiment } from '@radiotracer/report';
import { atMost } from './at-most.ts';
import { Experiments } from './experiments.ts';
import type { ExperimentInput, SweepCell, SweepInput, SweepResult, SweepRun } from './inputs.ts';
import { Pause } from './pause.ts';
import { progressQuery } from './progress.ts';
import { Steps } from './steps.ts';

/**
 * A study: an experiment for each cell of a grid and each run, as child workflows, and a table of what came out. What
 * experiments have in common is computed once, as the store knows it by its input. An experiment that fails takes its
 * row in the table with it, and no more.
 *
 * @param finished - the first experiments, which an earlier part of this run saw to their ends: when its history grows
 *   long, it begins no more and goes on as a new one
 */
export async function sweep(input: SweepInput, finished: readonly StudiedExperiment[] = []): Promise<SweepResult> {
  const pause = new Pause();
  const steps = new Steps(input, pause);
  const planned = input.cells.flatMap((cell) => input.runs.map((run, i) => ({ cell, run, number: i + 1 })));
  const children = new Experiments(pause, planned.length, finished);
  setHandler(progressQuery, () => ({
    paused: pause.isOn,
    stages: [children.progress, ...steps.progress.stages],
    children: children.running,
  }));

  const isStopped = (): boolean => CancellationScope.current().consideredCancelled;
  const ended = await atMost(input.concurrency, planned.slice(finished.length), async ({ cell, run, number }) => {
    await pause.isOver().catch(() => undefined); // a cancel ends the wait, too
    if (isStopped() || workflowInfo().continueAsNewSuggested) return undefined; // and so do all that come after it
    const label = labelOf(cell.name, number);
    const outcome = await children.run(label, experimentInput(input, cell, run, { number, label }));
    return outcome && { varied: cell.varied, cell: cell.name, run: number, ...outcome };
  });
  if (isStopped()) throw new CancelledFailure('the study was cancelled');

  const experiments = [...finished, ...ended.filter((experiment) => experiment !== undefined)];
  if (experiments.length < planned.length) {
    await pause.isOver(); // a pause that came at this moment would be forgotten
    return continueAsNew<typeof sweep>(input, experiments);
  }
  const [first] = experiments;
  if (first && experiments.every(({ failure }) => failure !== undefined)) {
    const line = `${labelOf(first.cell, first.run)}: ${first.failure}`;
    throw ApplicationFailure.nonRetryable(`every experiment of the study failed; ${line}`);
  }
  const study = await steps.add('write-study', 'writeStudy', async () => ({ title: input.title, experiments }));
  return { study, experiments };
}

function labelOf(cell: string, run: number): string {
  return [...(cell === '' ? [] : [cell]), `run ${run}`].join(', ');
}

/** So far apart are the seeds of the controls of one run, of which no other run has any: a study has fewer runs. */
const SEEDS_OF_RUNS = 1_000;

/** What the `experiment` workflow of a cell and a run takes. */
function experimentInput(
  { store, locations: { keys, ...locations }, corpus, title }: SweepInput,
  { experiment: { marking, training, ...settings } }: SweepCell,
  { keyId, seed }: SweepRun,
  { number, label }: { readonly number: number; readonly label: string },
): ExperimentInput {
  return {
    ...settings,
    store,
    locations: { ...locations, key: `${keys}/run-${number}.key` },
    title: `${title}: ${label}`,
    corpus,
    keyId,
    marking: { ...marking, seed },
    training: {
      marking: training.marking,
      ...(training.pretraining && { pretraining: { ...training.pretraining, seed } }),
      suspect: { ...training.suspect, seed },
      controls: training.controls.map((control, i) => ({ ...control, seed: seed + i * SEEDS_OF_RUNS })),
    },
  };
}
