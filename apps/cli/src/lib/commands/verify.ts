import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { candidatesDigest, readKey } from '@radiotracer/carriers';
import { manifestFile } from '@radiotracer/evidence';
import { drawnText } from '../drawn-text.ts';
import { InputError, UsageError } from '../errors.ts';
import { printResult, type GlobalOptions } from '../print-result.ts';
import { publicCommitment } from '../read-commitment.ts';

export interface VerifyOptions extends GlobalOptions {
  readonly key: string;
  readonly commitment?: string;
  readonly announcement?: string;
  readonly weights?: string;
  readonly answers?: string;
  readonly published?: string;
  readonly publicKey?: string;
}

/**
 * Checks an evidence bundle, or a publication: the folder tells which it is.
 *
 * @throws VerificationError or InputError saying what does not hold
 */
export async function verifyCommand(folder: string, options: VerifyOptions): Promise<void> {
  if (!existsSync(folder)) {
    throw new InputError(`${folder} does not exist; name the folder that mark left, or a bundle of evidence`);
  }
  const key = await readKey(options.key);
  const given = await publicCommitment(options.commitment);
  if (existsSync(join(folder, manifestFile)) || existsSync(join(folder, 'looks'))) {
    const { verifyBundleCommand } = await import('./verify-bundle.ts');
    return verifyBundleCommand(folder, key, given, options);
  }
  const flags = ['announcement', 'weights', 'answers', 'published', 'publicKey'] as const;
  const flag = flags.find((name) => options[name] !== undefined);
  if (flag !== undefined) {
    const name = flag === 'publicKey' ? 'public-key' : flag;
    throw new UsageError(`--${name} is for a bundle of evidence, which ${folder} is not: it holds no ${manifestFile}`);
  }
  const { checkPublication } = await import('../check-publication.ts');
  const { commitment, manifest, publishedDigest } = await checkPublication(folder, key, given?.hex);
  const marked = manifest.images.length;
  const drawn = drawnText({ candidates: candidatesDigest(manifest), beacon: manifest.beacon });
  const rest =
    publishedDigest === undefined ? 'the other images were not looked at' : 'the whole corpus is as published';
  printResult(
    options,
    { commitment, keyId: key.keyId, marked, ...(publishedDigest && { publishedDigest }) },
    `holds: key ${key.keyId.slice(0, 16)}…, manifest and ${marked.toLocaleString('en-US')} marked images are what was committed to\n` +
      `${rest}\n${drawn}\ncommitment ${commitment}`,
  );
}
