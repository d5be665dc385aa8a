import { join } from 'node:path';
import { readKey } from '@radiotracer/carriers';
import { envelopeText, readPrivateKey, signStatement, statementFile, verifyBundle } from '@radiotracer/evidence';
import { writeFileAtomic } from '@radiotracer/store';
import { looksText } from '../looks-text.ts';
import { printResult, type GlobalOptions } from '../print-result.ts';
import { voidText } from '../void-text.ts';

export interface SignOptions extends GlobalOptions {
  readonly key: string;
  readonly signingKey: string;
}

/**
 * Verifies a bundle of evidence and signs what came of it, as an in-toto statement in a DSSE envelope.
 *
 * @throws VerificationError if the bundle does not hold; SigningKeyError
 */
export async function signCommand(folder: string, options: SignOptions): Promise<void> {
  const key = await readKey(options.key);
  const privateKey = await readPrivateKey(options.signingKey);
  const verified = await verifyBundle(folder, key);
  const path = join(folder, statementFile);
  await writeFileAtomic(path, envelopeText(signStatement(verified, privateKey)));
  printResult(
    options,
    { path, looks: verified.looks },
    [path, ...looksText(verified), ...voidText(verified)].join('\n'),
  );
}
