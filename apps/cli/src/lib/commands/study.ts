import { dirname, resolve } from 'node:path';
import type { GenerateInput } from '@radiotracer/corpus';
import { carryOut, type RunOptions } from '../carry-out.ts';
import { checkTraining } from '../check-training.ts';
import { requireServer } from '../connect.ts';
import { UsageError } from '../errors.ts';
import { planMarking } from '../marking-plan.ts';
import { openCorpus, type OpenedCorpus } from '../open-corpus.ts';
import { checkPlaces } from '../places.ts';
import { progressView } from '../progress-view.ts';
import { requireExactTest } from '../require-exact-test.ts';
import { storeOf } from '../store-place.ts';
import { readStudy, type Study } from '../study.ts';
import { studyCells, type StudyCell } from '../study-cells.ts';
import { studyKeys, studyKeysFolder } from '../study-keys.ts';
import { sweepInput } from '../workflow-inputs.ts';

export interface StudyOptions extends RunOptions {
  readonly corpus?: string;
}

/** A grid of experiments, each repeated with keys and seeds of its own, and a table of what came out. */
export async function studyCommand(path: string, options: StudyOptions): Promise<void> {
  const study = await readStudy(path);
  const cells = studyCells(study, path);
  const source = corpusOf(study, path, options);
  const keys = studyKeysFolder(path);
  await checkPlaces({ ...options, keys, ...('folder' in source && { corpus: source.folder }) });
  const store = storeOf(options);
  await requireServer(options);
  const { corpus, dir, counts } = 'folder' in source ? await openCorpus(source.folder) : toGenerate(source.generate);
  for (const cell of cells) checkCell(cell, counts, path);
  const keyIds = await studyKeys(keys, study.runs);
  const locations = { ...(dir !== undefined && { corpus: dir }), keys };
  const input = sweepInput(study, cells, { store, locations, corpus, keyIds });
  const settings = { ...study, ...(dir !== undefined && { corpus: dir }) };
  await carryOut({ name: 'sweep', input, settings }, progressView(options), options);
}

type Source = { readonly folder: string } | { readonly generate: GenerateInput };

/** The corpus that `--corpus` names, or else the one of the file. */
function corpusOf({ corpus, generate }: Study, path: string, options: StudyOptions): Source {
  if (options.corpus !== undefined) return { folder: options.corpus };
  if (corpus !== undefined && generate !== undefined) {
    throw new UsageError(`${path}: corpus: found "generate" beside it, expected one of them`);
  }
  if (corpus !== undefined) return { folder: resolve(dirname(path), corpus) };
  if (generate !== undefined) return { generate };
  throw new UsageError(`${path}: corpus: found nothing, expected it or "generate"; or name a folder with --corpus`);
}

function toGenerate(generate: GenerateInput): Omit<OpenedCorpus, 'dir'> & { readonly dir?: undefined } {
  const { classes, trainImages, size } = generate;
  return { corpus: { generate }, counts: { images: trainImages, classes, height: size, width: size } };
}

function checkCell({ name, settings }: StudyCell, counts: OpenedCorpus['counts'], path: string): void {
  try {
    requireExactTest(settings);
    checkTraining(settings, counts);
    planMarking(settings, counts); // refuses what could never be detected
  } catch (error) {
    const place = name === '' ? path : `${path}: ${name}`;
    throw error instanceof UsageError ? new UsageError(`${place}: ${error.message}`, { cause: error }) : error;
  }
}
