import type { Stage } from '@radiotracer/store';
import type { StageName } from '@radiotracer/workflows';

/** The stages by name, each loaded when it is needed: a judge or a report needs no TensorFlow. */
export type StageRegistry = Readonly<Record<StageName, () => Promise<Stage<never, unknown>>>>;

export const stages: StageRegistry = {
  generate: async () => (await import('@radiotracer/corpus')).generate,
  ingest: async () => (await import('@radiotracer/corpus')).ingest,
  trainNetwork: async () => (await import('@radiotracer/trainer')).trainNetwork,
  importNetwork: async () => (await import('@radiotracer/trainer')).importNetwork,
  trainLastLayer: async () => (await import('@radiotracer/trainer')).trainLastLayer,
  chooseImages: async () => (await import('@radiotracer/marker')).chooseImages,
  markImages: async () => (await import('@radiotracer/marker')).markImages,
  joinVersions: async () => (await import('@radiotracer/marker')).joinVersions,
  publish: async () => (await import('@radiotracer/marker')).publish,
  fitReferences: async () => (await import('@radiotracer/detector')).fitReferences,
  askEndpoint: async () => (await import('@radiotracer/detector')).askEndpoint,
  askOnnx: async () => (await import('@radiotracer/detector')).askOnnx,
  readAnswers: async () => (await import('@radiotracer/detector')).readAnswers,
  extractEvidence: async () => (await import('@radiotracer/detector')).extractEvidence,
  judge: async () => (await import('@radiotracer/detector/judge')).judge,
  calibrate: async () => (await import('@radiotracer/detector/judge')).calibrate,
  writeReport: async () => (await import('@radiotracer/report')).writeReport,
  writeStudy: async () => (await import('@radiotracer/report')).writeStudy,
};
