import { runStage, type RunStore } from '@radiotracer/store';
import type { StudiedExperiment, WriteStudyInput } from '../src/lib/types.ts';
import { writeReport } from '../src/lib/write-report.ts';
import { exampleExperiment } from './example-experiment.ts';

/** Two fractions in two runs; one experiment failed. What an experiment found depends on its seed alone. */
export async function exampleStudy(store: RunStore): Promise<WriteStudyInput> {
  const experiments: StudiedExperiment[] = [];
  for (const [fraction, run] of [
    [0.01, 1],
    [0.01, 2],
    [0.002, 1],
    [0.002, 2],
  ] as const) {
    const shared = { varied: { 'marking.markedFraction': fraction }, cell: `markedFraction ${fraction}`, run };
    if (fraction === 0.002 && run === 2) {
      experiments.push({ ...shared, failure: 'marker: 7, "seven", <b>' });
      continue;
    }
    const input = await exampleExperiment(store, { seed: 100 * run, log10P: -600 * fraction - run });
    experiments.push({ ...shared, report: await runStage(writeReport, input, { store }) });
  }
  return { title: 'Study <of> two', experiments };
}
