import type { StudyModel } from './study-data.ts';

/**
 * Test accuracy of each suspect less that of the control of the same experiment and training seed: what the marks cost,
 * with the luck of the seed taken out. A suspect without such a control is left out.
 */
export function accuracyDifferences(models: readonly StudyModel[]): number[] {
  return models.flatMap((suspect) => {
    if (suspect.role !== 'suspect') return [];
    const control = models.find(
      ({ role, experiment, seed }) =>
        role === 'control' && experiment === suspect.experiment && seed !== undefined && seed === suspect.seed,
    );
    return control ? [accuracy(suspect) - accuracy(control)] : [];
  });
}

/** All models of a study are networks of ours. */
function accuracy({ model }: StudyModel): number {
  return model.testAccuracy ?? NaN;
}
