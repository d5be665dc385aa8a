import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import {
  type Candidates,
  candidatesDigest,
  commit,
  drawPublished,
  pixelsSha256,
  type PublicationManifest,
} from '@radiotracer/carriers';
import { ImageShards, openCorpusSource, type Replacement, rewriteCorpus, writeMetadata } from '@radiotracer/corpus';
import type { Stage } from '@radiotracer/store';

import { readMarkingRecord } from './marking-record.ts';
import { openKey } from './open-key.ts';
import type { MarkingRecord, PublicationFacts, PublishInput } from './types.ts';
import { readVersionFiles } from './version-files.ts';

/** What the release tells of its marks: that there are some. Neither which images, nor how many, nor how strong. */
const aboutMarks =
  'Some of the images carry marks: their pixels were changed a little, so that a model which was trained on this data ' +
  'set can be told from one that was not ([radioactive data](https://arxiv.org/abs/2002.00937)). Labels are as they were.';

/**
 * Draws the published version of each marked image with the key, and the beacon if there is one, and writes `published/`
 * (the corpus to release: the same files with only the marked rows changed, and metadata that readers know) and
 * `private/manifest.json` (a `PublicationManifest`).
 */
export const publish: Stage<PublishInput, PublicationFacts> = {
  name: 'publish',
  version: 5,
  async run({ keyId, versions, source, split, beacon }, context) {
    const key = await openKey(keyId, context);
    const folder = await context.open(versions);
    const record = await readMarkingRecord(folder);
    const corpus = await openCorpusSource(source, context);

    const shards = await ImageShards.open(folder);
    try {
      const candidates = candidatesOf(record, shards, { keyId, split });
      const published = drawPublished(key, candidates, beacon);
      const files = await readVersionFiles(folder, record, published);
      const replacements = new Map<number, Replacement>();
      const images = candidates.images.map((image, i) => {
        const version = published[i] as number;
        const pixels = shards.read([i * record.versions + version]);
        const { height, width } = shards;
        replacements.set(image.row, { pixels, height, width, ...(files[i] && { file: files[i] }) });
        return { ...image, published: version };
      });
      const manifest: PublicationManifest = { ...candidates, ...(beacon !== undefined && { beacon }), images };

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
        candidates: candidatesDigest(candidates),
        commitment: commit(key, manifestBytes),
      };
    } finally {
      shards.close();
    }
  },
};

/** What is drawn from: the record's images, with the hash of every version. */
function candidatesOf(
  { versions, carrierUnit, markingNetworkSha256, images }: MarkingRecord,
  shards: ImageShards,
  { keyId, split }: Pick<Candidates, 'keyId' | 'split'>,
): Candidates {
  const hash = (i: number, v: number): string => pixelsSha256(shards.read([i * versions + v]));
  return {
    keyId,
    split,
    classNames: shards.classNames,
    height: shards.height,
    width: shards.width,
    markingNetworkSha256,
    versions,
    carrierUnit,
    images: images.map(({ row, label }, i) => {
      return { row, label, versionSha256: Array.from({ length: versions }, (_, v) => hash(i, v)) };
    }),
  };
}
