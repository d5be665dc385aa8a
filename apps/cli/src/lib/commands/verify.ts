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
 * published version against the key, and the marked images as they were published against the manifest.
 *
 * @param folder - what `mark` left, or the artefact of a publication: `published/`, `private/manifest.json` and, unless
 *   the commitment is given, `result.json`
 */
export async function verifyCommand(folder: string, options: VerifyOptions): Promise<void> {
  const key = await readKey(options.key);
  const commitment = options.commitment ?? (await committed(folder));
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
  const marked = manifest.images.length;
  printResult(
    options,
    { commitment, keyId: key.keyId, marked },
    `holds: key ${key.keyId.slice(0, 16)}…, manifest and ${numberText(marked)} marked images are what was committed to\n` +
      `commitment ${commitment}`,
  );
}

async function committed(folder: string): Promise<string> {
  const result = await readResult<MarkResult>(folder, 'publication').catch((cause: Error) => {
    throw new InputError(`${cause.message}, or give --commitment`, { cause });
  });
  return result.publication.facts.commitment;
}
