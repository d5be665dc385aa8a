import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { StageContext } from '@radiotracer/store';
import type { Summary } from '../summary.ts';
import type { StudiedExperiment, WriteStudyInput } from '../types.ts';

/** A model that was judged in a study, with all that its row of the table says. */
export interface StudyModel {
  readonly experiment: StudiedExperiment;
  readonly model: Summary['models'][number];
  readonly summary: Summary;
  readonly role: 'suspect' | 'control';
  /** Of its training. */
  readonly seed: unknown;
}

/** All that the page and the tables of a study say. */
export interface StudyData {
  readonly input: WriteStudyInput;
  /** Experiment by experiment. */
  readonly models: readonly StudyModel[];
}

/** Reads the summaries of all experiments that came to their end. */
export async function readStudyData(input: WriteStudyInput, open: StageContext['open']): Promise<StudyData> {
  const models: StudyModel[] = [];
  for (const experiment of input.experiments) {
    if (!experiment.report) continue;
    const path = join(await open(experiment.report), experiment.report.facts.summary);
    const summary = JSON.parse(await readFile(path, 'utf8')) as Summary;
    for (const model of summary.models) {
      const role = model.name === 'suspect' ? 'suspect' : 'control';
      const seed = stagesOf(summary, 'trainNetwork', model.name)[0]?.seeds[0]?.seed;
      models.push({ experiment, model, summary, role, seed });
    }
  }
  return { input, models };
}

/** The stages of a name in an experiment; with an owner ("suspect"), those that are its. */
export function stagesOf({ stages }: Summary, name: string, owner?: string): Summary['stages'] {
  return stages.filter(({ stage, role }) => stage === name && (!owner || role.split(', ').includes(owner)));
}

/** The models of each cell of the grid, in the order of the cells. */
export function modelsByCell({ input, models }: StudyData): Map<string, StudyModel[]> {
  const cells = new Map<string, StudyModel[]>(input.experiments.map(({ cell }) => [cell, []]));
  for (const model of models) cells.get(model.experiment.cell)?.push(model);
  return cells;
}
