import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Artifact, StageContext } from '@radiotracer/store';

import type { AnswerKind } from './answer.ts';
import type { SuspectAnswers } from './suspect-answers.ts';

/** What is known of a suspect's answers without opening them. */
export interface AnswersFacts {
  /** How much they tell. */
  readonly answers: AnswerKind;
  readonly queries: number;
  /** Hex SHA-256 of what they were read from. */
  readonly answersSha256: string;
}

/** A suspect by what it answered, of every version of the marked images; the artefact holds `losses.json`, [n · V]. */
export type AnsweredSuspect = Artifact<AnswersFacts>;

/** Writes what the answers come to into the output of a stage. @param losses - [n · V], finite */
export async function keepAnswers(
  { outputDir }: Pick<StageContext, 'outputDir'>,
  losses: readonly number[],
  about: Pick<AnswersFacts, 'answers' | 'answersSha256'>,
): Promise<AnswersFacts> {
  await writeFile(join(outputDir, 'losses.json'), JSON.stringify(losses));
  return { ...about, queries: losses.length };
}

/** What a suspect is known to have answered: no weights, and nothing of unmarked images. */
export async function readKeptAnswers(
  suspect: AnsweredSuspect,
  { open }: Pick<StageContext, 'open'>,
): Promise<SuspectAnswers> {
  const { answers, answersSha256 } = suspect.facts;
  return {
    suspect: { key: suspect.key, answers, answersSha256 },
    lossOnVersions: JSON.parse(await readFile(join(await open(suspect), 'losses.json'), 'utf8')) as number[],
    unmarked: { label: [], suspectLoss: [] },
  };
}
