import { readFile } from 'node:fs/promises';
import { type Commitment, parseCommitment } from '@radiotracer/evidence';
import { InputError } from './errors.ts';

/** A commitment as it was made public: hex digits that `mark` printed, or the file that `commit` wrote. */
export type PublicCommitment = { readonly hex: string; readonly whole?: Commitment };

/** @throws InputError if the file cannot be read; VerificationError if it is no commitment */
export async function readCommitment(path: string): Promise<Commitment> {
  const text = await readFile(path, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    throw new InputError(`${path} cannot be read (${cause.code}); name the file that "radiotracer commit" wrote`, {
      cause,
    });
  });
  return parseCommitment(text, path);
}

/** What `--commitment` names. */
export async function publicCommitment(given: string | undefined): Promise<PublicCommitment | undefined> {
  if (given === undefined) return undefined;
  if (/^[\da-f]{64}$/.test(given)) return { hex: given };
  const whole = await readCommitment(given);
  return { hex: whole.commitment, whole };
}
