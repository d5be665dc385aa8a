import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readKey, verifyPixels, verifyPublication } from '@radiotracer/carriers';
import { decodeRow, describeCorpus, readRows } from '@radiotracer/corpus';
import type { PublicationManifest } from '@radiotracer/marker';
import type { MarkResult } from '@radiotracer/workflows';
import { InputError } from '../errors.ts';
import { readResult } from '../read-result.ts';
import { numberText } from '../progress-text.ts';
import { printResult, type GlobalOptions } from '../print-result.ts';

export interface VerifyOptions extends GlobalOptions {
  readonly key: string;
  readonly commitment?: string;
}

/**
 * Checks that a publication is what was committed to: key and manifest against the commitment, the draw of every
 * published version against the key, the marked images as they were published against the manifest, and, where the
 * result of the run is there, all other bytes of the corpus against the digest it was published with.
 *
 * @param folder - what `mark` left, or the artefact of a publication: `published/`, `private/manifest.json` and, unless
 *   the commitment is given, `result.json`
 */
export async function verifyCommand(folder: string, options: VerifyOptions): Promise<void> {
  const key = await readKey(options.key);
  const publication = await findPublication(folder, options.commitment);
  const commitment = options.commitment ?? publication?.facts.commitment ?? '';
  const manifestPath = join(folder, 'private', 'manifest.json');
  const bytes = await readFile(manifestPath).catch((cause: unknown) => {
    throw new InputError(`${manifestPath} cannot be read; name the folder that "radiotracer mark" left`, { cause });
  });
  const manifest = verifyPublication(commitment, key, bytes) as PublicationManifest;

  const imageOfRow = new Map(manifest.images.map((image) => [image.row, image]));
  const corpus = await describeCorpus(join(folder, 'published'));
  for await (const row of readRows(corpus, manifest.split)) {
    const image = imageOfRow.get(row.row);
    if (!image) continue;
    verifyPixels(image, image.published, (await decodeRow(row)).pixels);
    imageOfRow.delete(row.row);
  }
  const [missing] = imageOfRow.keys();
  if (missing !== undefined) {
    throw new InputError(
      `${corpus.dir} has no row ${missing} in its split ${manifest.split}, which the manifest marks`,
    );
  }
  const publishedDigest = publication?.facts.publishedDigest;
  if (publishedDigest !== undefined && corpus.digest !== publishedDigest) {
    throw new InputError(
      `${corpus.dir} is not as it was published: besides the marked images something was changed, added or removed ` +
        `(digest ${corpus.digest}, published as ${publishedDigest})`,
    );
  }
  const marked = manifest.images.length;
  const rest =
    publishedDigest === undefined ? 'the other images were not looked at' : 'the whole corpus is as published';
  printResult(
    options,
    { commitment, keyId: key.keyId, marked, ...(publishedDigest && { publishedDigest }) },
    `holds: key ${key.keyId.slice(0, 16)}…, manifest and ${numberText(marked)} marked images are what was committed to\n` +
      `${rest}\ncommitment ${commitment}`,
  );
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
    throw new InputError(`${(cause as Error).message}, or give --commitment`, { cause });
  }
}
