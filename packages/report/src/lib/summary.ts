import type { ReportData } from './report-data.ts';

/** What `summary.json` holds: everything in the report but the pictures and the curves, for programs. */
export function summarize({ input, models, lineage, seeds }: ReportData): object {
  return {
    title: input.title,
    models: models.map(({ name, network, verdict, classes }) => {
      const { detected, sentence, log10Level, decisive, others } = verdict;
      const { testAccuracy, testLoss, weightsSha256 } = network;
      return { name, detected, sentence, log10Level, decisive, others, classes, testAccuracy, testLoss, weightsSha256 };
    }),
    markingNetwork: input.markingNetwork.facts,
    marking: input.versions.facts,
    publication: input.publication.facts,
    settings: input.settings,
    seeds,
    stages: lineage.map(({ artifact: { stage, key, sha256 }, role, manifest, run }) => ({
      stage,
      stageVersion: manifest.version,
      role,
      key,
      sha256,
      files: manifest.files,
      run,
    })),
  };
}
