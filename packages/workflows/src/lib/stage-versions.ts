import type { StageName } from './activities.ts';

/**
 * The version of each stage that these workflows order. A worker whose program has another one refuses: two programs
 * that serve one queue must not mix what they compute. A test in `apps/worker` compares them with the stages' own.
 */
export const stageVersions: Readonly<Record<StageName, number>> = {
  generate: 2,
  ingest: 1,
  trainNetwork: 2,
  chooseImages: 1,
  markImages: 4,
  joinVersions: 1,
  publish: 2,
  extractEvidence: 4,
  judge: 4,
  calibrate: 1,
  writeReport: 3,
  writeStudy: 1,
};
