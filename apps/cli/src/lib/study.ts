import type { GenerateInput } from '@radiotracer/corpus';
import { z } from 'zod';
import { resolveBy, settingsFile } from './resolve-settings.ts';

/*
 * A study file. Descriptions complete "expected …", as in `settings.ts`; what is wrong in `settings` and `grid` is told
 * where each cell's settings are made.
 */

const count = z.int().min(1);

const generateSchema = z.strictObject({
  classes: z.int().min(2).describe('a whole number ≥ 2'),
  trainImages: count.describe('a whole number ≥ 1'),
  testImages: count.describe('a whole number ≥ 1'),
  size: z.int().min(8).describe('a whole number ≥ 8 (pixels, height and width)'),
  seed: z.int().min(0).describe('a whole number ≥ 0'),
});

export const studySchema = z.strictObject({
  title: z.string().min(1).max(200).describe('a title for the page, up to 200 characters'),
  corpus: z.string().min(1).optional().describe('the path of a corpus, from the folder of the study file'),
  generate: generateSchema
    .optional()
    .describe('the settings of a generated corpus: classes, trainImages, testImages, size, seed'),
  runs: count.max(1000).default(1).describe('a whole number in 1..1000 (repetitions of each experiment)'),
  concurrency: count.max(1000).default(1).describe('a whole number in 1..1000 (experiments that go on at once)'),
  settings: z.record(z.string(), z.unknown()).default({}).describe('a mapping of settings, as in a config file'),
  grid: z
    .record(z.string(), z.array(z.unknown()).min(1))
    .default({})
    .describe('lists of values by the name of a setting, such as marking.radius: [4, 8]'),
});

/** A grid of experiments as a person writes it. */
export interface Study {
  readonly title: string;
  /** As it stands in the file. */
  readonly corpus?: string;
  readonly generate?: GenerateInput;
  /** Repetitions of each experiment, each with a key and seeds of its own. */
  readonly runs: number;
  /** Experiments that go on at once. */
  readonly concurrency: number;
  /** Of all experiments; whatever is left out has its default. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** Values of each setting that varies, by its path: every combination is a cell. */
  readonly grid: Readonly<Record<string, readonly unknown[]>>;
}

/**
 * Reads a study file.
 *
 * @throws UsageError if it cannot be read; SettingsError with a line for each wrong field
 */
export async function readStudy(path: string): Promise<Study> {
  return resolveBy(studySchema, [await settingsFile(path)]);
}
