import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type MarkingKey, type PublicationManifest, verifyPixels, verifyPublication } from '@radiotracer/carriers';
import { decodeRow, describeCorpus, readRows } from '@radiotracer/corpus';
import { commitmentFile } from '@radiotracer/evidence';
import type { MarkResult } from '@radiotracer/workflows';
import { InputError } from './errors.ts';
import { readCommitment } from './read-commitment.ts';
import { readResult } from './read-result.ts';

/** What a publication is, once it was checked. */
export interface CheckedPublication {
  readonly commitment: string;
  readonly manifest: PublicationManifest;
  /** Undefined where the result of the run is not there: then only the marked images were looked at. */
  readonly publishedDigest?: string | undefined;
}

/**
 * Checks that a publication is what was committed to: key and manifest against the commitment, the draw of every
 * published version against the key, the marked images as they were published against the manifest, and, where the
 * result of the run is there, all other bytes of the corpus against the digest it was published with.
 *
 * @param folder - what `mark` left, or the artefact of a publication: `published/`, `private/manifest.json` and, unless
 *   the commitment is given, `result.json`
 * @param given - the commitment as it was made public
 */
export async function checkPublication(folder: string, key: MarkingKey, given?: string): Promise<CheckedPublication> {
  const publication = await findPublication(folder, given);
  const commitment = given ?? publication?.facts.commitment ?? '';
  const manifestPath = join(folder, 'private', 'manifest.json');
  const bytes = await readFile(manifestPath).catch((cause: unknown) => {
    throw new InputError(`${manifestPath} cannot be read; name the folder that "radiotracer mark" left`, { cause });
  });
  const manifest = verifyPublication(commitment, key, bytes);
  const publishedDigest = publication?.facts.publishedDigest;
  await checkPublished(join(folder, 'published'), manifest, publishedDigest);
  const file = join(folder, commitmentFile);
  if (existsSync(file) && (await readCommitment(file)).commitment !== commitment) {
    throw new InputError(`${file} is of another publication: it commits to other than ${commitment}`);
  }
  return { commitment, manifest, publishedDigest };
}

/**
 * Checks a published corpus: its marked images against the manifest, and all of it against a digest.
 *
 * @throws VerificationError naming row and version; InputError
 */
export async function checkPublished(
  dir: string,
  { images, split }: Pick<PublicationManifest, 'images' | 'split'>,
  publishedDigest?: string,
): Promise<void> {
  const imageOfRow = new Map(images.map((image) => [image.row, image]));
  const corpus = await describeCorpus(dir);
  for await (const row of readRows(corpus, split)) {
    const image = imageOfRow.get(row.row);
    if (!image) continue;
    try {
      verifyPixels(image, image.published, (await decodeRow(row)).pixels);
    } catch (cause) {
      throw new InputError(`${corpus.dir} is not what was published: ${(cause as Error).message}`, { cause });
    }
    imageOfRow.delete(row.row);
  }
  const [missing] = imageOfRow.keys();
  if (missing !== undefined) {
    throw new InputError(`${corpus.dir} has no row ${missing} in its split ${split}, which the manifest marks`);
  }
  if (publishedDigest !== undefined && corpus.digest !== publishedDigest) {
    throw new InputError(
      `${corpus.dir} is not as it was published: besides the marked images something was changed, added or removed ` +
        `(digest ${corpus.digest}, published as ${publishedDigest})`,
    );
  }
}

/** The publication by the result beside it, which is needed only where nobody says what was committed to. */
async function findPublication(
  folder: string,
  commitment: string | undefined,
): Promise<MarkResult['publication'] | undefined> {
  try {
    return (await readResult<MarkResult>(folder, 'publication')).publication;
  } catch (cause) {
    if (commitment !== undefined) return undefined;
    if (!existsSync(join(folder, 'private', 'manifest.json'))) throw cause; // the commitment would not help
    throw new InputError(`${(cause as Error).message}, or give --commitment`, { cause });
  }
}
