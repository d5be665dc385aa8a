import { expect, test } from '@jest/globals';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Evidence, drawsUntilSure } from '@radiotracer/detector/judge';
import { afterDraws, byAnswers, evidenceOf, keyOf, lookOf, manifestOf, releaseOf } from '../../test/example-bundle.ts';
import { addLooks, type Release } from './add-looks.ts';
import type { Plan } from './commitment.ts';
import type { Manifest } from './parse-manifest.ts';
import { reportedLooks } from './reported-looks.ts';
import { type Verified, verifyBundle } from './verify-bundle.ts';

/*
 * Looks at a suspect that was asked no longer than needed: what is left of it must be the first draws, and so many of
 * them as the plan says.
 */

const key = keyOf(1);
const plan: Plan = { test: 'anytime', level: 1e-2, looks: 2 };
const rule = { log10Level: Math.log10(plan.level), looks: plan.looks };

interface Example {
  readonly manifest: Manifest;
  readonly release: Release;
  /** As if all draws had been asked about. */
  readonly whole: Evidence;
  /** So many draws are enough. */
  readonly enough: number;
}

function example(carrierUnit: Manifest['carrierUnit'] = 'image', effect = 0.6): Example {
  const manifest = manifestOf(key, { carrierUnit });
  const release = releaseOf(key, manifest, plan);
  const whole = byAnswers(evidenceOf(key, manifest, release, { seed: 3, effect }));
  return { manifest, release, whole, enough: drawsUntilSure(whole, rule) as number };
}

async function folderOf(release: Release, evidence: Evidence): Promise<string> {
  const folder = join(await mkdtemp(join(tmpdir(), 'radiotracer-stopped-')), 'evidence');
  await addLooks(folder, release, [lookOf(evidence, release)]);
  return folder;
}

async function verified(release: Release, evidence: Evidence): Promise<Verified> {
  return verifyBundle(await folderOf(release, evidence), key);
}

test('one that stopped where it had to holds, at the level of all looks together', async () => {
  const { release, whole, enough } = example();
  expect(enough).toBeLessThan(30);
  const folder = await folderOf(release, afterDraws(whole, enough));
  const { looks, tests } = await verifyBundle(folder, key);
  const sampleSize = { images: enough, draws: enough, 'draws in all': 40, versions: 10 };
  expect(looks[0]).toMatchObject({ isDetected: true, sampleSize });
  expect(looks[0]?.adjustedLog10P).toBeLessThanOrEqual(-2);
  expect(looks[0]?.referenceLog10P).toBeGreaterThan(-2);
  expect(tests).toBe(2);
  expect((await reportedLooks(folder)).looks[0]).toMatchObject({ isDetected: true, sampleSize });
});

test('one of all draws holds: whoever has all answers, as of a table, need not stop', async () => {
  const { release, whole } = example();
  expect((await verified(release, whole)).looks[0]).toMatchObject({ isDetected: true, sampleSize: { draws: 40 } });
});

test('images that share a draw are asked about, or not, together', async () => {
  const { release, whole, manifest } = example('class', 3);
  const loose = { ...release, commitment: releaseOf(key, manifest, { ...plan, level: 0.3, looks: 1 }).commitment };
  const enough = drawsUntilSure(whole, { log10Level: Math.log10(0.3), looks: 1 }) as number;
  expect(enough).toBeLessThan(3); // of 3 classes, whose images stand in turns
  const { looks } = await verified(loose, afterDraws(whole, enough));
  expect(looks[0]?.sampleSize).toMatchObject({ draws: enough, 'draws in all': 3 });
});

/** The images in these places alone, called all that were asked about. */
function picked(whole: Evidence, places: readonly number[]): Evidence {
  const pick = <T>(values: readonly T[]): T[] => places.map((i) => values[i] as T);
  const { label, group, published, suspectLoss, referenceLoss } = whole.marked;
  const marked = {
    label: pick(label),
    group: pick(group),
    published: pick(published),
    suspectLoss: pick(suspectLoss),
    referenceLoss: pick(referenceLoss),
  };
  return { ...whole, marked, totalDraws: 40 };
}

/** Places of the images whose published version leads by most. */
function best({ marked }: Evidence, count: number): number[] {
  const lead = (i: number): number => {
    const losses = marked.suspectLoss[i] ?? [];
    return losses.reduce((sum, loss) => sum + loss, 0) / losses.length - (losses[marked.published[i] ?? NaN] as number);
  };
  return [...marked.label.keys()].sort((a, b) => lead(b) - lead(a)).slice(0, count);
}

test.each<[string, (example: Example) => Evidence, string | RegExp]>([
  [
    'of hand-picked images of an innocent model',
    () => {
      const { whole } = example('image', 0);
      return picked(whole, best(whole, 12).sort((a, b) => a - b)); // prettier-ignore
    },
    /looks\/1\/evidence\.json marked\.label\[\d+\] is \d; from key, manifest and losses follows \d/,
  ],
  [
    'of the same images in another order',
    ({ whole, enough }) => picked(whole, [...Array(enough).keys()].reverse()),
    'looks/1/evidence.json marked.',
  ],
  [
    'that was stopped later, at a luckier point',
    ({ whole, enough }) => afterDraws(whole, enough + 1),
    /marked\.group has \d+ of 40 draws; from their losses follows that the first \d+ were enough/,
  ],
  [
    'that was stopped earlier',
    ({ whole, enough }) => afterDraws(whole, enough - 1),
    /E stays below looks \/ level = 10\^2\.30, so the asking had to go on/,
  ],
  [
    'of another number of draws in all',
    ({ whole, enough }) => ({ ...afterDraws(whole, enough), totalDraws: 39 }),
    'totalDraws is 39; from key, manifest and losses follows 40',
  ],
  [
    'that does not say that it stopped',
    ({ whole, enough }) => ({ ...afterDraws(whole, enough), totalDraws: undefined }),
    /marked\.label\[\d+\] is undefined; from key, manifest and losses follows \d/,
  ],
])('one %s is refused, by file and field', async (_, forge, problem) => {
  const made = example();
  await expect(verified(made.release, forge(made))).rejects.toMatchObject({ name: 'VerificationError' });
  await expect(verified(made.release, forge(made))).rejects.toThrow(problem);
});

test('one that stopped is refused where the exact test was planned', async () => {
  const { manifest, whole, release, enough } = example();
  const { commitment } = releaseOf(key, manifest, { ...plan, test: 'exact' });
  const folder = join(await mkdtemp(join(tmpdir(), 'radiotracer-stopped-')), 'evidence');
  const look = lookOf(afterDraws(whole, enough), release);
  await addLooks(folder, { ...release, commitment }, [look]);
  await expect(verifyBundle(folder, key)).rejects.toThrow(
    'looks/1/evidence.json totalDraws is 40; from key, manifest and losses follows undefined',
  );
});

test.each([
  ['published', -2],
  ['decoys', 2],
] as const)('that the marking network prefers the %s is seen in the first draws as well', async (what, change) => {
  const { release, whole, manifest } = example();
  const onPublished = (losses: Evidence['marked']['suspectLoss'], change: number): number[][] =>
    losses.map((image, i) => image.map((loss, v) => (v === manifest.images[i]?.published ? loss + change : loss)));
  const { suspectLoss, referenceLoss } = whole.marked;
  const marked = {
    ...whole.marked,
    suspectLoss: onPublished(suspectLoss, -4),
    referenceLoss: onPublished(referenceLoss, change),
  };
  const evidence = { ...whole, marked };
  const enough = drawsUntilSure(evidence, rule) as number;
  const { looks, referencePreference } = await verified(release, afterDraws(evidence, enough));
  expect(referencePreference[what]).toBeLessThan(-2);
  expect(looks[0]?.referenceLog10P).toBe(referencePreference.published);
});
