import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Artifact, StageContext } from '@radiotracer/store';

import type { AnswerKind } from './answer.ts';
import { inferredLastLayer } from './last-layer.ts';
import type { ScoreKind } from './onnx/class-answer.ts';
import type { SuspectAnswers } from './suspect-answers.ts';

/** How much answers tell, and how many there are. */
interface AnswersAmount {
  readonly answers: AnswerKind;
  readonly queries: number;
  /** Over how many views of a version its losses are means, where it was asked about more than the version as it is. */
  readonly views?: number;
  /** How many draws they are about, where they were asked for draw by draw: the first ones of the publication. */
  readonly draws?: number;
}

/** What is known of answers that were given elsewhere without opening them. */
export interface ReadFacts extends AnswersAmount {
  /** Hex SHA-256 of what they were read from. */
  readonly answersSha256: string;
}

/** What is known of the answers of a network that was run here. */
export interface RunFacts extends AnswersAmount {
  readonly answers: ScoreKind;
  /** Hex SHA-256 of its file. */
  readonly modelSha256: string;
  /** Top-1, on the clean test split, in [0, 1]. */
  readonly testAccuracy: number;
}

export type AnswersFacts = ReadFacts | RunFacts;

/**
 * A suspect by what it answered. The artefact holds `losses.json`, of every version of the marked images, or of those of the
 * first draws, [n · V]; where it was asked draw by draw `reference-losses.json`, the marking network's that decided when it
 * was enough; and of a network that was run here `test-scores.f32`, its answers on the clean test split, [N, K] little-endian
 * float32.
 */
export type AnsweredSuspect = Artifact<AnswersFacts>;

const TEST_SCORES = 'test-scores.f32';

/** Writes the answers on the test split into the output of a stage. @param scores - [N, K] */
export async function keepTestScores(
  { outputDir }: Pick<StageContext, 'outputDir'>,
  scores: Float32Array,
): Promise<void> {
  await writeFile(join(outputDir, TEST_SCORES), scores);
}

/**
 * Writes what the answers come to into the output of a stage.
 *
 * @param losses - [n · V], finite
 * @param referenceLosses - of the marking network on the same versions, where it was asked draw by draw
 */
export async function keepAnswers<About extends Omit<ReadFacts, 'queries'> | Omit<RunFacts, 'queries'>>(
  { outputDir }: Pick<StageContext, 'outputDir'>,
  losses: readonly number[],
  about: About,
  referenceLosses?: readonly number[],
): Promise<About & { readonly queries: number }> {
  await writeFile(join(outputDir, 'losses.json'), JSON.stringify(losses));
  if (referenceLosses) await writeFile(join(outputDir, 'reference-losses.json'), JSON.stringify(referenceLosses));
  return { ...about, queries: losses.length * (about.views ?? 1) };
}

/** What a suspect is known to have answered: no weights, and nothing of unmarked images of the corpus. */
export async function readKeptAnswers(
  suspect: AnsweredSuspect,
  classes: number,
  { open }: Pick<StageContext, 'open'>,
): Promise<SuspectAnswers> {
  const { key, facts } = suspect;
  const folder = await open(suspect);
  const scores = async (): Promise<Float32Array> =>
    new Float32Array(new Uint8Array(await readFile(join(folder, TEST_SCORES))).buffer);
  return {
    suspect:
      'modelSha256' in facts
        ? { key, weightsSha256: facts.modelSha256 }
        : { key, answers: facts.answers, answersSha256: facts.answersSha256 },
    lossOnVersions: await readLosses(folder, 'losses.json'),
    unmarked: { label: [], suspectLoss: [] },
    ...('modelSha256' in facts && { lastLayer: inferredLastLayer(facts.answers, await scores(), classes) }),
  };
}

/**
 * Of a suspect that was asked draw by draw: how many draws, to whose images its losses are confined, and the losses of the
 * marking network on the same versions by which it was decided that these are enough. Another machine's may differ in a bit.
 *
 * @returns undefined if it was asked about everything at once
 */
export async function readFirstDraws(
  suspect: AnsweredSuspect,
  { open }: Pick<StageContext, 'open'>,
): Promise<{ readonly draws: number; readonly referenceLoss: readonly number[] } | undefined> {
  const { draws } = suspect.facts;
  if (draws === undefined) return undefined;
  return { draws, referenceLoss: await readLosses(await open(suspect), 'reference-losses.json') };
}

async function readLosses(folder: string, file: string): Promise<number[]> {
  return JSON.parse(await readFile(join(folder, file), 'utf8')) as number[];
}
