import type { StageName } from './activities.ts';

/**
 * The version of each stage that these workflows order. A worker whose program has another one refuses: two programs
 * that serve one queue must not mix what they compute. A test in `apps/worker` compares them with the stages' own.
 */
export const stageVersions: Readonly<Record<StageName, number>> = {
  generate: 2,
  ingest: 2,
  trainNetwork: 2,
  importNetwork: 1,
  trainLastLayer: 2,
  chooseImages: 1,
  markImages: 4,
  joinVersions: 1,
  publish: 5,
  fitReferences: 2,
  askEndpoint: 2,
  askOnnx: 3,
  readAnswers: 2,
  extractEvidence: 7,
  judge: 8,
  calibrate: 2,
  writeReport: 4,
  writeStudy: 2,
};
