import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Artifact, StageContext } from '@radiotracer/store';
import { InvalidEvidenceError } from './errors.ts';
import { parseEvidence } from './parse-evidence.ts';
import type { Evidence } from './types.ts';

/**
 * The evidence in an artefact of `extractEvidence`, checked.
 *
 * @throws InvalidEvidenceError naming what is wrong
 */
export async function readEvidence(artifact: Artifact, { open }: Pick<StageContext, 'open'>): Promise<Evidence> {
  const text = await readFile(join(await open(artifact), 'evidence.json'), 'utf8');
  return parseEvidence(parseJson(text));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new InvalidEvidenceError('evidence.json', `is not JSON: ${(cause as Error).message}`, { cause });
  }
}
