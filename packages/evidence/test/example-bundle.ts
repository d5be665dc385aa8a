import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { candidatesDigest, commit, drawPublished, MarkingKey } from '@radiotracer/carriers';
import {
  countDraws,
  type Evidence,
  firstDraws,
  judgeEvidence,
  markedDirection,
  markedImages,
  recordedCosines,
  type WhiteBoxEvidence,
} from '@radiotracer/detector/judge';
import { sha256 } from '@radiotracer/store';
import { addLooks, type NewLook, type Release } from '../src/lib/add-looks.ts';
import { makeCommitment, type Plan, plannedTest } from '../src/lib/commitment.ts';
import type { Manifest } from '../src/lib/parse-manifest.ts';

/*
 * A made-up release and made-up models, small enough for tests: losses are the difficulty of a version and noise.
 */

const versions = 10;
const images = 40;
const dimension = 16;
const classNames = ['cat', 'dog', 'owl'];

/** The key of a number; anybody may know it. */
export function keyOf(number: number): MarkingKey {
  return new MarkingKey(Buffer.from(sha256(`example key ${number}`), 'hex'));
}

/** A manifest as `publish` writes it. */
export function manifestOf(
  key: MarkingKey,
  { carrierUnit = 'image', beacon }: Partial<Pick<Manifest, 'carrierUnit' | 'beacon'>> = {},
): Manifest {
  const candidates = {
    keyId: key.keyId,
    split: 'train',
    classNames,
    height: 32,
    width: 32,
    versions,
    carrierUnit,
    markingNetworkSha256: sha256('marking network'),
    images: Array.from({ length: images }, (_, i) => {
      const versionSha256 = Array.from({ length: versions }, (_, v) => sha256(`${i} ${v}`));
      return { row: 7 * i + 1, label: i % classNames.length, versionSha256 };
    }),
  };
  const drawn = drawPublished(key, candidates, beacon);
  return {
    ...candidates,
    ...(beacon !== undefined && { beacon }),
    images: candidates.images.map((image, i) => ({ ...image, published: drawn[i] as number })),
  };
}

const usualPlan: Plan = { test: 'exact', level: 1e-4, looks: 1 };

/** What the publisher makes public before the release, and what he keeps. */
export function releaseOf(key: MarkingKey, manifest: Manifest, plan = usualPlan): Release {
  const bytes = Buffer.from(JSON.stringify(manifest));
  const { keyId, beacon } = manifest;
  const candidates = candidatesDigest(manifest);
  const hashes = { commitment: commit(key, bytes), publishedDigest: sha256('published'), keyId, candidates };
  return { commitment: makeCommitment({ ...hashes, beacon }, plan), manifest: bytes };
}

export interface Model {
  readonly seed: number;
  readonly name?: string;
  /** Nats that training took off the loss of published versions; 0 for a model that never saw them. */
  readonly effect?: number;
}

/** Of a model whose weights were seen, or inferred. */
type SeenEvidence = Evidence & { readonly whiteBox: WhiteBoxEvidence };

/** What `extractEvidence` would find. */
export function evidenceOf(
  key: MarkingKey,
  manifest: Manifest,
  release: Release,
  { seed, effect = 0 }: Model,
): SeenEvidence {
  const normal = normals(seed);
  const repeat = <T>(count: number, value: (i: number) => T): T[] => Array.from({ length: count }, (_, i) => value(i));
  const published = manifest.images.map((image) => image.published);
  const referenceLoss = repeat(images, () => repeat(versions, () => Math.fround(3 + 0.5 * normal())));
  const suspectLoss = referenceLoss.map((image, i) =>
    image.map((loss, v) => Math.fround(loss + 0.4 * normal() - (v === published[i] ? effect : 0))),
  );
  const weights = (): string =>
    Buffer.from(Float32Array.from({ length: classNames.length * dimension }, normal).buffer).toString('base64');
  const whiteBox = {
    dimension,
    cosine: classNames.map(() => null),
    alignedWeights: weights(),
    referenceWeights: [weights()],
    heldOutR2: 0.8,
  };
  const directions = classNames.map((_, label) => markedDirection(key, manifest, label, dimension));
  return {
    suspect: { key: sha256(`artefact ${seed}`), weightsSha256: sha256(`weights ${seed}`) },
    commitment: release.commitment.commitment,
    classNames,
    marked: {
      ...markedImages(manifest),
      suspectLoss,
      referenceLoss,
    },
    views: 8,
    unmarked: { label: [0, 1], suspectLoss: [2.5, 3.25] },
    whiteBox: { ...whiteBox, ...recordedCosines(whiteBox)?.(directions) },
  };
}

/** What would be found of the same model if it only answered. */
export function byAnswers({ whiteBox: _, views: __, ...evidence }: Evidence): Evidence {
  const { key } = evidence.suspect;
  return {
    ...evidence,
    suspect: { key, answers: 'logits', answersSha256: sha256(`answers ${key}`) },
    unmarked: { label: [], suspectLoss: [] },
  };
}

/** What would be left of it if the asking had stopped after so many draws. */
export function afterDraws({ whiteBox: _, ...evidence }: Evidence, draws: number): Evidence {
  return { ...evidence, marked: firstDraws(evidence.marked, draws), totalDraws: countDraws(evidence.marked) };
}

/** What would be found of the same model if it were run from an ONNX file, where its logits stand in for its weights. */
export function byLogits({ whiteBox, ...evidence }: SeenEvidence): SeenEvidence {
  return {
    ...evidence,
    unmarked: { label: [], suspectLoss: [] },
    whiteBox: { ...whiteBox, inferredFrom: 'logits' },
  };
}

/** Evidence and its verdict, as files. */
export function lookOf(evidence: Evidence, { commitment }: Release, name = 'suspect'): NewLook {
  const log10Level = Math.log10(commitment.plan.level);
  const verdict = judgeEvidence(evidence, { name, log10Level, test: plannedTest(commitment) });
  return {
    evidence: Buffer.from(JSON.stringify(evidence)),
    verdict: Buffer.from(`${JSON.stringify(verdict, null, 2)}\n`),
  };
}

/** A bundle in a new folder, with a look at each model. */
export async function exampleBundle(
  models: readonly Model[] = [{ seed: 1, effect: 0.6 }],
  plan = usualPlan,
): Promise<{ folder: string; key: MarkingKey; manifest: Manifest; release: Release }> {
  const key = keyOf(1);
  const manifest = manifestOf(key);
  const release = releaseOf(key, manifest, plan);
  const folder = join(await mkdtemp(join(tmpdir(), 'radiotracer-evidence-')), 'evidence');
  const looks = models.map((model) => lookOf(evidenceOf(key, manifest, release, model), release, model.name));
  await addLooks(folder, release, looks);
  return { folder, key, manifest, release };
}

/** Standard normals from T. Ettinger's mulberry32, by Box and Muller. */
function normals(seed: number): () => number {
  let state = seed;
  const uniform = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  return () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
}
