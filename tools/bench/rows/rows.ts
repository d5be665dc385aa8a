import type { Row } from '../row.ts';
import { detection } from './detection.ts';
import { inference } from './inference.ts';
import { ingest, ingestMemory, trainingMemory } from './ingest.ts';
import { input } from './input.ts';
import { marking } from './marking.ts';
import { overhead } from './overhead.ts';
import { timeToMark } from './time-to-mark.ts';
import { training } from './training.ts';

/** In the order of the table. */
export const rows: readonly Row[] = [
  ...training,
  ...marking,
  timeToMark,
  ...inference,
  ...ingest,
  ...input,
  detection,
  overhead,
  ingestMemory,
  trainingMemory,
];
