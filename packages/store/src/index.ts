export type { Artifact } from './lib/artifact.ts';
export type { Progress, Stage, StageContext } from './lib/stage.ts';
