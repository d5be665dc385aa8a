import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { beaconRoundPattern, candidatesDigest, readKey } from '@radiotracer/carriers';
import {
  type Commitment,
  commitmentFile,
  commitmentText,
  makeCommitment,
  verifyAnnouncement,
} from '@radiotracer/evidence';
import { sha256, writeFileAtomic } from '@radiotracer/store';
import { checkPublication } from '../check-publication.ts';
import { drawnText } from '../drawn-text.ts';
import { InputError, UsageError } from '../errors.ts';
import { printResult, type GlobalOptions } from '../print-result.ts';
import { readCommitment } from '../read-commitment.ts';
import { resolveSettings } from '../resolve-settings.ts';
import { settingsLayers, type SettingsOptions } from '../settings-options.ts';
import { wholeNumber } from '../whole-number.ts';

export interface CommitOptions extends GlobalOptions, Pick<SettingsOptions, 'config' | 'set'> {
  readonly key: string;
  readonly looks: string;
  readonly announce?: string;
  readonly announcement?: string;
}

/**
 * Writes `commitment.json`, to be made public before the release: to key and draws, to every version, and to what will
 * be tested at which level. Checks the publication first, as what is committed to can never be mended.
 *
 * @param folder - what `mark` left
 * @throws InputError or VerificationError if the publication does not hold, or is not as announced; UsageError if another plan was committed to
 */
export async function commitCommand(folder: string, options: CommitOptions): Promise<void> {
  const { test, level } = resolveSettings(await settingsLayers(options, ['level', 'test']));
  const looks = wholeNumber('--looks', options.looks, 1, 'suspects that will be tested');
  const { announce: announces, announcement: path } = options;
  if (announces !== undefined && !beaconRoundPattern.test(announces)) {
    throw new UsageError(
      `--announce: found "${announces}", expected <source>:<round>, such as drand.quicknet:27000000`,
    );
  }
  const key = await readKey(options.key);
  const announced = path === undefined ? undefined : { path, commitment: await readCommitment(path) };
  const { commitment, manifest, publishedDigest } = await checkPublication(folder, key);
  if (publishedDigest === undefined) throw new InputError(`${folder}/result.json has no publishedDigest; mark again`);
  const { keyId, beacon } = manifest;
  if (announces !== undefined && beacon !== undefined) {
    throw new UsageError(
      `--announce: found ${announces}, but ${folder} was drawn by ${beacon}; commit to what mark left before`,
    );
  }
  const publication = { commitment, keyId, publishedDigest, candidates: candidatesDigest(manifest), beacon, announces };
  const made = makeCommitment(publication, { test, level, looks });
  if (announced) verifyAnnouncement(made, announced.commitment, announced.path);

  const file = join(folder, commitmentFile);
  const text = commitmentText(made);
  const before = existsSync(file) ? await readCommitment(file) : undefined;
  if (before && commitmentText(before) !== text) {
    throw new UsageError(
      `${file} commits to another plan, and a plan is made once: found ${planText(before)}, asked for ${planText(made)}; ` +
        'if it was never made public, remove it and commit again',
    );
  }
  await writeFileAtomic(file, text);
  printResult(
    options,
    { path: file, sha256: sha256(text), ...made },
    `${file}\nSHA-256 ${sha256(text)}\n` +
      `${drawnText(made)}\n` +
      `test: ${planText(made)}\n` +
      (announces === undefined
        ? 'Make the file public, or have it time-stamped, before you release the corpus.'
        : `Make the file public, once and under your name, before round ${announces}, and release nothing of this draw.`) +
      ' It shows nothing of key or marks.',
  );
}

function planText({ plan: { test, level, looks }, announces }: Commitment): string {
  const planned = `${test}, p ≤ ${level} over ${looks === 1 ? '1 look' : `${looks} looks`} at suspects`;
  return announces === undefined ? planned : `${planned}, announcing ${announces}`;
}
