import { cp, mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { commit, drawPublished, generateKey, pixelsSha256, type MarkingKey } from '@radiotracer/carriers';
import { decodeRow, describeCorpus, readRows } from '@radiotracer/corpus';
import { RunStore, runStage, sha256, type Artifact, writeSealed } from '@radiotracer/store';
import { file, png } from './files.ts';

/*
 * A folder in which everything is in order, so that each bad input is the only thing that is wrong:
 *
 *   my.key  other.key  ok.yaml  corpus/  store/
 *   marked/   what `mark` left: result.json, published/, private/manifest.json
 *   suspect/  what `train` left: result.json, weights.safetensors
 *
 * The artefacts are in the store and hold together, but nothing was computed.
 */

const versions = 3;
const classNames = ['cat', 'dog'];

/** Makes the folder, and returns its path. */
export async function makeWorld(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'radiotracer-world-'));
  const at = (name: string): string => join(folder, name);
  const key = await generateKey(at('my.key'));
  await generateKey(at('other.key'));
  await file('ok.yaml', 'training: { batchSize: 4 }\nmarking: { markedFraction: 1 }\n')(folder);
  for (const [split, images] of Object.entries({ train: 4, test: 2 })) {
    for (const name of classNames) {
      for (let i = 0; i < images; i++) await file(`corpus/${split}/${name}/${i}.png`, png(8, 8, i))(folder);
    }
  }

  const store = await RunStore.open(at('store'));
  const made = (stage: string, facts: object, write: (folder: string) => Promise<void> = async () => undefined) =>
    runStage(
      { name: stage, version: 1, run: async (_, { outputDir }) => (await write(outputDir), facts) },
      { facts },
      { store },
    );
  const weights = (seed: number): Promise<Artifact> =>
    made('trainNetwork', { classNames, seed }, (dir) => writeFile(join(dir, 'weights.safetensors'), `weights ${seed}`));
  const manifest = await manifestOf(key, at('corpus'));
  const { digest: publishedDigest } = await describeCorpus(at('corpus'));
  const marked = {
    train: await made('ingest', { classNames, height: 8, width: 8, split: 'train' }),
    test: await made('ingest', { classNames, split: 'test' }),
    markingNetwork: await weights(1),
    versions: await made('markImages', { marked: 8 }),
    publication: await made('publish', { commitment: commit(key, manifest), publishedDigest }, async (dir) => {
      await cp(at('corpus'), join(dir, 'published'), { recursive: true });
      await mkdir(join(dir, 'private'));
      await writeFile(join(dir, 'private/manifest.json'), manifest);
    }),
  };
  const network = await weights(2);
  await cp(store.folder(marked.publication), at('marked'), { recursive: true });
  await file('marked/result.json', JSON.stringify(marked))(folder);
  await cp(store.folder(network), at('suspect'), { recursive: true });
  await file('suspect/result.json', JSON.stringify({ network }))(folder);
  await mkdir(join(folder, 'store/runs'), { recursive: true });
  const known = { id: 'known', workflow: 'mark', out: '/nowhere' };
  await writeSealed(join(folder, 'store/runs/known.sealed'), JSON.stringify(known));
  return folder;
}

/** A manifest under which every training image is marked, by versions that are all alike. */
async function manifestOf(key: MarkingKey, dir: string): Promise<Buffer> {
  const images = [];
  for await (const row of readRows(await describeCorpus(dir), 'train')) {
    const sha = pixelsSha256((await decodeRow(row)).pixels);
    images.push({ row: row.row, label: row.label, versionSha256: Array<string>(versions).fill(sha) });
  }
  const candidates = {
    keyId: key.keyId,
    split: 'train',
    ...{ classNames, height: 8, width: 8 },
    versions,
    carrierUnit: 'image' as const,
    markingNetworkSha256: sha256('weights 1'),
    images,
  };
  const drawn = drawPublished(key, candidates);
  const manifest = { ...candidates, images: images.map((image, i) => ({ ...image, published: drawn[i] })) };
  return Buffer.from(JSON.stringify(manifest));
}

/** Folder of an artefact that a file of the world names, relative to the world. */
export async function artifactFolder(folder: string, result: string, field: string): Promise<string> {
  const artifacts = JSON.parse(await readFile(join(folder, result), 'utf8')) as Record<string, Artifact>;
  const { stage, key } = artifacts[field] as Artifact;
  return join('store/artifacts', stage, key);
}
