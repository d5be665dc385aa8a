import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { MarkingKey } from '@radiotracer/carriers';
import { encodePng, type ImageShards } from '@radiotracer/corpus';
import type { PublicationManifest } from '@radiotracer/marker';

import { inOrderOfIds, queriesOf } from './queries.ts';
import { verifyVersions } from './verify-committed.ts';

export interface WrittenQueries {
  /** Images to ask about. */
  readonly queries: number;
  readonly marked: number;
  readonly versions: number;
}

/**
 * Writes every version of every marked image, published ones and decoys alike, for somebody to show to a suspect:
 *
 *   queries/images/<id>.png and queries/metadata.csv (file_name, id), which `datasets` reads as an "imagefolder"
 *   private/index.csv (id, row, version), for the publisher alone
 *
 * Nothing in `queries/` tells a published version from a decoy: ids come from the key, files are made in their order, and
 * a PNG's length depends on the size of the image alone.
 *
 * @param folder - exists and is empty
 * @param manifest - of the publication with this commitment, verified
 * @param versions - [n · V] images, the versions of an image one after the other
 * @throws VerificationError if a version is not what the manifest says
 */
export async function writeQueries(
  folder: string,
  {
    key,
    commitment,
    manifest,
    versions,
  }: {
    readonly key: MarkingKey;
    readonly commitment: string;
    readonly manifest: PublicationManifest;
    readonly versions: ImageShards;
  },
): Promise<WrittenQueries> {
  await verifyVersions(manifest, versions);
  const queries = inOrderOfIds(queriesOf(manifest, key, commitment));
  await mkdir(join(folder, 'queries', 'images'), { recursive: true });
  await mkdir(join(folder, 'private'), { mode: 0o700 });
  for (const { id, at } of queries) {
    const png = encodePng(versions.read([at]), versions.height, versions.width);
    await writeFile(join(folder, 'queries', 'images', `${id}.png`), png);
  }
  await writeCsv(
    join(folder, 'queries', 'metadata.csv'),
    'file_name,id',
    queries,
    ({ id }) => `images/${id}.png,${id}`,
  );
  await writeCsv(
    join(folder, 'private', 'index.csv'),
    'id,row,version',
    queries,
    ({ id, row, version }) => `${id},${row},${version}`,
  );
  return { queries: queries.length, marked: manifest.images.length, versions: manifest.versions };
}

async function writeCsv<T>(path: string, header: string, rows: readonly T[], line: (row: T) => string): Promise<void> {
  await writeFile(path, `${[header, ...rows.map(line)].join('\n')}\n`);
}
