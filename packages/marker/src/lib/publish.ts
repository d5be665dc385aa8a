import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { carrierGroup, commit, pixelsSha256, publishedVersion } from '@radiotracer/carriers';
import { ImageShards, openCorpusSource, type Replacement, rewriteCorpus, writeMetadata } from '@radiotracer/corpus';
import type { Stage } from '@radiotracer/store';

import { readMarkingRecord } from './marking-record.ts';
import { openKey } from './open-key.ts';
import type { PublicationFacts, PublicationManifest, PublishInput } from './types.ts';
import { readVersionFiles } from './version-files.ts';

/** What the release tells of its marks: that there are some. Neither which images, nor how many, nor how strong. */
const aboutMarks =
  'Some of the images carry marks: their pixels were changed a little, so that a model which was trained on this data ' +
  'set can be told from one that was not ([radioactive data](https://arxiv.org/abs/2002.00937)). Labels are as they were.';

/**
 * Draws the published version of each marked image with the key, and writes `published/` (the corpus to release: the
 * same files with only the marked rows changed, and metadata where they are Parquet) and `private/manifest.json` (a
 * `PublicationManifest`).
 */
export const publish: Stage<PublishInput, PublicationFacts> = {
  name: 'publish',
  version: 3,
  async run({ keyId, versions, source, split }, context) {
    const key = await openKey(keyId, context);
    const folder = await context.open(versions);
    const record = await readMarkingRecord(folder);
    const corpus = await openCorpusSource(source, context);

    const drawn = record.images.map(({ row, label }) =>
      publishedVersion(key, { ...carrierGroup(record.carrierUnit, { row, label }), versions: record.versions }),
    );
    const files = await readVersionFiles(folder, record, drawn);
    const replacements = new Map<number, Replacement>();
    const images: PublicationManifest['images'][number][] = [];
    const shards = await ImageShards.open(folder);
    try {
      const { height, width } = shards;
      for (const [i, { row, label }] of record.images.entries()) {
        const published = drawn[i] as number;
        const pixels = Array.from({ length: record.versions }, (_, v) => shards.read([i * record.versions + v]));
        const file = files[i];
        replacements.set(row, { pixels: pixels[published] as Uint8Array, height, width, ...(file && { file }) });
        images.push({ row, label, published, versionSha256: pixels.map(pixelsSha256) });
      }
    } finally {
      shards.close();
    }

    const manifest: PublicationManifest = {
      keyId,
      split,
      versions: record.versions,
      carrierUnit: record.carrierUnit,
      markingNetworkSha256: record.markingNetworkSha256,
      images,
    };
    const outputDir = join(context.outputDir, 'published');
    const { scratchDir, report, signal } = context;
    const released = await rewriteCorpus({ corpus, split, replacements, outputDir, scratchDir, report, signal });
    await writeMetadata(released, aboutMarks);
    await mkdir(join(context.outputDir, 'private'));
    const manifestBytes = Buffer.from(JSON.stringify(manifest));
    await writeFile(join(context.outputDir, 'private', 'manifest.json'), manifestBytes);
    return {
      marked: images.length,
      images: corpus.splits[split]?.count ?? 0,
      publishedDigest: released.digest,
      commitment: commit(key, manifestBytes),
    };
  },
};
