import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  candidatesDigest,
  drawPublished,
  MarkingKey,
  pixelsSha256,
  VerificationError,
  verifyPublication,
  type PublicationManifest,
} from '@radiotracer/carriers';
import {
  type Corpus,
  type CorpusRow,
  decodeRow,
  describeCorpus,
  generatedFolder,
  ImageShards,
  readRows,
} from '@radiotracer/corpus';
import { type Artifact, runStage } from '@radiotracer/store';

import {
  filesBelow,
  KEY_BYTES,
  TINY_MARKING,
  tinyExperiment,
  type TinyExperiment,
  TRAIN_IMAGES,
  writeKey,
} from '../../test/tiny-experiment.ts';
import { MarkingError } from './errors.ts';
import { joinVersions } from './join-versions.ts';
import { publish } from './publish.ts';
import type { MarkingRecord, MarkingSettings, PublicationFacts, PublishInput, VersionsFacts } from './types.ts';

const { versions: V } = TINY_MARKING;

let experiment: TinyExperiment;
let versions: Artifact<VersionsFacts>;
let publication: Artifact<PublicationFacts>;
let manifestBytes: Buffer;
let manifest: PublicationManifest;

async function mark(change?: Partial<MarkingSettings>): Promise<Artifact<VersionsFacts>> {
  return experiment.mark(change);
}

function inputOf(of: Artifact<VersionsFacts>): PublishInput {
  const source = { artifact: experiment.generated, folder: generatedFolder };
  return { keyId: experiment.key.keyId, versions: of, source, split: 'train' };
}

function release(
  of: Artifact<VersionsFacts>,
  locations: Readonly<Record<string, string>> = experiment.locations,
): Promise<Artifact<PublicationFacts>> {
  return runStage(publish, inputOf(of), { store: experiment.store, locations });
}

async function manifestOf(of: Artifact): Promise<Buffer> {
  return readFile(join(experiment.store.folder(of), 'private', 'manifest.json'));
}

const publishedFolder = () => join(experiment.store.folder(publication), 'published');
const sourceFolder = () => join(experiment.store.folder(experiment.generated), generatedFolder);

async function rowsOf(corpus: Corpus): Promise<CorpusRow[]> {
  const rows: CorpusRow[] = [];
  for await (const row of readRows(corpus, 'train')) rows.push(row);
  return rows;
}

beforeAll(async () => {
  experiment = await tinyExperiment();
  versions = await mark();
  publication = await release(versions);
  manifestBytes = await manifestOf(publication);
  manifest = JSON.parse(manifestBytes.toString('utf8')) as PublicationManifest;
});
afterAll(() => experiment.remove());

describe('publish', () => {
  it('lists the marked rows, and of each the version that the key draws', async () => {
    const file = join(experiment.store.folder(versions), 'marking.json');
    const record = JSON.parse(await readFile(file, 'utf8')) as MarkingRecord;
    expect(manifest).toMatchObject({ keyId: experiment.key.keyId, split: 'train', versions: V, carrierUnit: 'image' });
    expect(manifest.images.map(({ row, label }) => ({ row, label }))).toEqual(
      record.images.map(({ row, label }) => ({ row, label })),
    );
    const drawn = drawPublished(experiment.key, manifest);
    expect(manifest.images.map(({ published }) => published)).toEqual(drawn);
    expect(new Set(drawn).size).toBe(V); // every version is some image's published one
  });

  it('writes hashes of all versions’ pixels', async () => {
    const shards = await ImageShards.open(experiment.store.folder(versions));
    manifest.images.forEach(({ versionSha256 }, i) => {
      expect(versionSha256).toEqual(Array.from({ length: V }, (_, v) => pixelsSha256(shards.read([i * V + v]))));
      expect(new Set(versionSha256).size).toBe(V);
    });
    shards.close();
  });

  it('changes the planned rows and nothing else', async () => {
    const [source, published] = [await describeCorpus(sourceFolder()), await describeCorpus(publishedFolder())];
    const [before, after] = [await rowsOf(source), await rowsOf(published)];
    expect([before.length, after.length]).toEqual([TRAIN_IMAGES, TRAIN_IMAGES]);
    const isSame = (row: number) =>
      Buffer.compare(before[row]?.image as Uint8Array, after[row]?.image as Uint8Array) === 0;
    const changed = before.flatMap(({ row }) => (isSame(row) ? [] : [row]));
    expect(changed).toEqual(manifest.images.map(({ row }) => row));

    const place = ({ label, file, rowGroup, row }: CorpusRow) => ({ label, file, rowGroup, row });
    expect(after.map(place)).toEqual(before.map(place));
    expect(published.classNames).toEqual(source.classNames);
    const names = [...(await filesBelow(sourceFolder())).keys()].map((path) => path.slice(sourceFolder().length));
    expect(names.length).toBe(3); // train, test, card
    for (const name of names.filter((name) => !name.includes('train'))) {
      const [was, is] = [await readFile(sourceFolder() + name), await readFile(publishedFolder() + name)];
      expect({ name, same: was.equals(is) }).toEqual({ name, same: true });
    }
    expect((await filesBelow(publishedFolder())).size).toBe(names.length + 1); // and croissant.json
  });

  it('tells in its metadata that there are marks, and nothing that depends on which', async () => {
    const other = await release(await mark({ carrierUnit: 'class', markedFraction: 0.5 }));
    const [ours, theirs] = await Promise.all(
      [publication, other].map(async (of) => {
        const file = join(experiment.store.folder(of), 'published', 'croissant.json');
        return JSON.parse(await readFile(file, 'utf8')) as { description: string; distribution: object[] };
      }),
    );
    expect(ours?.description).toContain('Some of the images carry marks');
    // Hash and size are those of the marked file, which is released beside them.
    const withoutContent = ours?.distribution.map((file) => ({
      ...file,
      ...('sha256' in file && { sha256: expect.any(String), contentSize: expect.any(String) }),
    }));
    expect(theirs).toEqual({ ...ours, distribution: withoutContent });
    expect(other.facts.marked).not.toBe(publication.facts.marked);
  });

  it('publishes images that decode to the drawn version’s pixels, in the format of the others', async () => {
    const after = await rowsOf(await describeCorpus(publishedFolder()));
    const start = (row: CorpusRow) =>
      Buffer.from(row.image as Uint8Array)
        .subarray(0, 33)
        .toString('hex'); // to IHDR
    for (const { row, published, versionSha256 } of manifest.images) {
      const { pixels } = await decodeRow(after[row] as CorpusRow);
      expect(versionSha256.indexOf(pixelsSha256(pixels))).toBe(published);
    }
    expect(new Set(after.map(start)).size).toBe(1);
    expect(new Set(after.map(({ image }) => (image as Uint8Array).length)).size).toBe(1);
  });

  it('publishes JPEG files where they are asked for, which decode to the drawn version’s pixels', async () => {
    const { store } = experiment;
    const parts = [
      await experiment.mark({ encode: 'jpeg:90' }, { part: { start: 0, end: 5 } }),
      await experiment.mark({ encode: 'jpeg:90' }, { part: { start: 5, end: 12 } }),
    ];
    const asJpeg = await release(await runStage(joinVersions, { parts }, { store }));
    const { images } = JSON.parse((await manifestOf(asJpeg)).toString('utf8')) as PublicationManifest;
    const rows = await rowsOf(await describeCorpus(join(store.folder(asJpeg), 'published')));
    for (const { row, published, versionSha256 } of images) {
      const image = rows[row]?.image as Uint8Array;
      expect([...image.subarray(0, 3)]).toEqual([0xff, 0xd8, 0xff]);
      const { pixels } = await decodeRow(rows[row] as CorpusRow);
      expect(versionSha256.indexOf(pixelsSha256(pixels))).toBe(published);
      expect(new Set(versionSha256).size).toBe(V);
    }
    expect(rows.filter(({ image }) => (image as Uint8Array)[0] === 0xff)).toHaveLength(images.length);
  });

  it('states in its facts what the published corpus is', async () => {
    expect(publication.facts).toEqual({
      marked: manifest.images.length,
      images: TRAIN_IMAGES,
      publishedDigest: (await describeCorpus(publishedFolder())).digest,
      candidates: candidatesDigest(manifest),
      commitment: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(publication.facts.publishedDigest).not.toBe(experiment.generated.facts.digest);
  });

  it('draws once for a class where its images share a carrier', async () => {
    const byClass = await release(await mark({ carrierUnit: 'class' }));
    const { images } = JSON.parse((await manifestOf(byClass)).toString('utf8')) as PublicationManifest;
    const ofClass = new Map(images.map(({ label, published }) => [label, published]));
    expect(images.map(({ published }) => published)).toEqual(images.map(({ label }) => ofClass.get(label)));
    expect(images.length).toBeGreaterThan(ofClass.size);
  });

  it('draws otherwise from the same candidates where a beacon draws', async () => {
    const beacon = `drand.quicknet:12345:${'0f1e'.repeat(16)}`;
    const input = { ...inputOf(versions), beacon };
    const drawn = await runStage(publish, input, { store: experiment.store, locations: experiment.locations });
    const bytes = await manifestOf(drawn);
    const verified = verifyPublication(drawn.facts.commitment, experiment.key, bytes);
    expect(verified.beacon).toBe(beacon);
    expect(drawn.facts.candidates).toBe(publication.facts.candidates);
    expect(verified.images.map(({ published }) => published)).toEqual(drawPublished(experiment.key, manifest, beacon));
    expect(drawn.facts.publishedDigest).not.toBe(publication.facts.publishedDigest);
  });

  it('gives the same artefact in another store', async () => {
    const elsewhere = await tinyExperiment();
    const marks = await elsewhere.mark();
    const again = await runStage(publish, inputOf(marks), elsewhere);
    expect(again).toEqual(publication);
    await elsewhere.remove();
  });
});

describe('the commitment of a publication', () => {
  it('verifies with the key and the manifest, whose draws are the key’s', () => {
    const verified = verifyPublication(publication.facts.commitment, experiment.key, manifestBytes);
    expect(verified).toEqual(manifest);
  });

  it('does not verify with another key, or with one bit of the manifest flipped', () => {
    const { commitment } = publication.facts;
    const verify = (key: MarkingKey, bytes: Uint8Array) => () => verifyPublication(commitment, key, bytes);
    expect(verify(new MarkingKey(Buffer.alloc(32, 9)), manifestBytes)).toThrow(VerificationError);
    for (const at of [0, manifestBytes.length >> 1, manifestBytes.length - 1]) {
      const flipped = Uint8Array.from(manifestBytes, (byte, i) => (i === at ? byte ^ 1 : byte));
      expect(verify(experiment.key, flipped)).toThrow(VerificationError);
    }
  });
});

describe('the key', () => {
  it('is in no file of the store, as bytes, hex or base64', async () => {
    const files = await filesBelow(experiment.store.root);
    const key = [
      KEY_BYTES,
      ...(['hex', 'base64', 'base64url'] as const).map((as) => Buffer.from(KEY_BYTES.toString(as))),
    ];
    const upper = Buffer.from(KEY_BYTES.toString('hex').toUpperCase());
    const holding = (what: Buffer) => [...files].filter(([, bytes]) => bytes.includes(what)).map(([path]) => path);
    for (const form of [...key, upper]) expect(holding(form)).toEqual([]);

    // The search finds what is there: the key's id in the files, the key in its own file.
    expect(holding(Buffer.from(experiment.key.keyId)).length).toBeGreaterThanOrEqual(3);
    expect((await readFile(experiment.locations.key)).includes(KEY_BYTES.toString('hex'))).toBe(true);
  });

  it('must be the one that the images were marked with', async () => {
    const stranger = await writeKey(experiment.folder, 'stranger.key', Buffer.alloc(32, 9));
    await experiment.store.drop(publication);
    const attempt = release(versions, { key: stranger });
    await expect(attempt).rejects.toThrow(MarkingError);
    await expect(attempt).rejects.toThrow(experiment.key.keyId);
    await expect(attempt).rejects.toThrow(new MarkingKey(Buffer.alloc(32, 9)).keyId);
    await expect(release(versions, {})).rejects.toThrow('locations.key must be the path');
  });
});
