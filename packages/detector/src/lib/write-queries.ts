import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { MarkingKey, PublicationManifest } from '@radiotracer/carriers';
import { encodePng, type ImageShards } from '@radiotracer/corpus';

import { imageOf, inOrderOfIds, queriesOf, viewQueriesOf } from './queries.ts';
import { verifyVersions } from './verify-committed.ts';
import { views } from './views.ts';

export interface WrittenQueries {
  /** Images to ask about. */
  readonly queries: number;
  readonly marked: number;
  readonly versions: number;
  readonly views: number;
}

/**
 * Writes every version of every marked image, published ones and decoys alike, for somebody to show to a suspect:
 *
 *   queries/images/<id>.png and queries/metadata.csv (file_name, id), which `datasets` reads as an "imagefolder"
 *   private/index.csv (id, row, version, and where there are views of it, which), for the publisher alone
 *
 * Nothing in `queries/` tells a published version from a decoy: ids come from the key, files are made in their order, and
 * a PNG's length depends on the size of the image alone.
 *
 * @param folder - exists and is empty
 * @param manifest - of the publication with this commitment, verified
 * @param inViews - each version in each of `views`, in the place of as it is
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
    inViews,
  }: {
    readonly key: MarkingKey;
    readonly commitment: string;
    readonly manifest: PublicationManifest;
    readonly versions: ImageShards;
    readonly inViews: boolean;
  },
): Promise<WrittenQueries> {
  await verifyVersions(manifest, versions);
  const queries = inOrderOfIds((inViews ? viewQueriesOf : queriesOf)(manifest, key, commitment));
  await mkdir(join(folder, 'queries', 'images'), { recursive: true });
  await mkdir(join(folder, 'private'), { mode: 0o700 });
  for (const query of queries) {
    const { pixels, height, width } = imageOf(query, versions);
    await writeFile(join(folder, 'queries', 'images', `${query.id}.png`), encodePng(pixels, height, width));
  }
  await writeCsv(
    join(folder, 'queries', 'metadata.csv'),
    'file_name,id',
    queries,
    ({ id }) => `images/${id}.png,${id}`,
  );
  await writeCsv(
    join(folder, 'private', 'index.csv'),
    `id,row,version${inViews ? ',view' : ''}`,
    queries,
    ({ id, row, version, view }) => [id, row, version, ...(view === undefined ? [] : [view])].join(','),
  );
  return {
    queries: queries.length,
    marked: manifest.images.length,
    versions: manifest.versions,
    views: inViews ? views.length : 1,
  };
}

async function writeCsv<T>(path: string, header: string, rows: readonly T[], line: (row: T) => string): Promise<void> {
  await writeFile(path, `${[header, ...rows.map(line)].join('\n')}\n`);
}
