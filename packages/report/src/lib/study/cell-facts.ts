import { meanInterval } from '@radiotracer/stats';
import type { CellFacts, CellModels } from '../types.ts';
import { accuracyDifferences } from './accuracy-differences.ts';
import { modelsByCell, type StudyData, type StudyModel } from './study-data.ts';

/** What came out in each cell of the grid. */
export function cellFacts(data: StudyData): CellFacts[] {
  return [...modelsByCell(data)].map(([cell, models]) => {
    const differences = accuracyDifferences(models);
    const { mean, halfWidth } =
      differences.length > 0 ? meanInterval(differences, 0.95) : { mean: null, halfWidth: null };
    const failures = data.input.experiments.filter((experiment) => experiment.cell === cell && experiment.failure);
    return {
      cell,
      failed: failures.length,
      suspects: modelFacts(models.filter(({ role }) => role === 'suspect')),
      controls: modelFacts(models.filter(({ role }) => role === 'control')),
      accuracyDifference: { pairs: differences.length, mean, halfWidth },
    };
  });
}

function modelFacts(models: readonly StudyModel[]): CellModels {
  const log10Ps = models.map(({ model }) => model.decisive.log10P).sort((a, b) => a - b);
  return {
    count: models.length,
    detected: models.filter(({ model }) => model.detected).length,
    medianLog10P: log10Ps.length > 0 ? median(log10Ps) : null,
    leastLog10P: log10Ps[0] ?? null,
    greatestLog10P: log10Ps.at(-1) ?? null,
  };
}

/** @param sorted - at least one */
export function median(sorted: readonly number[]): number {
  const [low, high] = [sorted[Math.floor((sorted.length - 1) / 2)], sorted[Math.ceil((sorted.length - 1) / 2)]];
  return ((low as number) + (high as number)) / 2;
}
