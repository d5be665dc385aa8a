import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { commit } from '@radiotracer/carriers';
import type { WhiteBoxEvidence } from '@radiotracer/detector/judge';
import { byAnswers, byLogits, evidenceOf, exampleBundle, keyOf, lookOf } from '../../test/example-bundle.ts';
import { addLooks } from './add-looks.ts';
import { sumsText } from './bundle.ts';
import type { Manifest } from './parse-manifest.ts';
import { reportedLooks } from './reported-looks.ts';
import { statementOf } from './statement.ts';
import { verifyBundle } from './verify-bundle.ts';

let example: Awaited<ReturnType<typeof exampleBundle>>;
beforeEach(async () => {
  example = await exampleBundle([{ seed: 1, effect: 0.6 }, { seed: 2 }], { test: 'exact', level: 1e-4, looks: 2 });
});
afterEach(() => rm(dirname(example.folder), { recursive: true }));

const filesOf = async (folder: string): Promise<string[]> =>
  (await readdir(folder, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();

test('computes again what every look says, and counts them', async () => {
  const { looks, tests, isAsPlanned, commitment, sumsSha256 } = await verifyBundle(example.folder, example.key);
  expect(looks.map(({ number, isDetected }) => [number, isDetected])).toEqual([
    [1, true],
    [2, false],
  ]);
  const [first] = looks;
  expect(first?.log10P).toBeLessThan(-10);
  expect(first?.adjustedLog10P).toBeCloseTo((first?.log10P ?? NaN) + Math.log10(2), 12);
  expect([tests, isAsPlanned]).toEqual([2, true]);
  expect(commitment).toEqual(example.release.commitment);
  expect(sumsSha256).toMatch(/^[0-9a-f]{64}$/);
});

test('a changed bit in any file fails, and the file is named', async () => {
  for (const file of await filesOf(example.folder)) {
    const path = join(example.folder, file);
    const bytes = await readFile(path);
    const step = Math.max(3, Math.floor(bytes.length / 200)); // about two hundred bytes of each, of small files a third
    for (let i = 0; i < bytes.length; i += step) {
      const changed = Buffer.from(bytes);
      changed[i] = (changed[i] as number) ^ (1 << (i % 8));
      await writeFile(path, changed);
      await expect(verifyBundle(example.folder, example.key)).rejects.toMatchObject({
        name: 'VerificationError',
        message:
          file === 'SHA256SUMS'
            ? expect.stringMatching(/SHA256SUMS|cannot be read/)
            : expect.stringContaining(`${file} was changed`),
      });
    }
    await writeFile(path, bytes);
  }
  await verifyBundle(example.folder, example.key);
});

test('a file that is missing, and one too many, are named', async () => {
  await writeFile(join(example.folder, 'looks/2/note.json'), '{}');
  await expect(verifyBundle(example.folder, example.key)).rejects.toThrow('looks/2/note.json is not in SHA256SUMS');
  await rm(join(example.folder, 'looks/2'), { recursive: true });
  await expect(verifyBundle(example.folder, example.key)).rejects.toThrow('looks/2/evidence.json cannot be read in');
});

test('another key is refused', async () => {
  await expect(verifyBundle(example.folder, keyOf(2))).rejects.toThrow('commitment.json names key');
});

describe('whoever writes SHA256SUMS anew as well', () => {
  /** Changes one place of a file, such as `marked.label.3`, and seals the bundle again. */
  async function reseal(file: string, place: string, change: (value: never) => unknown): Promise<void> {
    const path = join(example.folder, file);
    const value: unknown = JSON.parse(await readFile(path, 'utf8'));
    await writeFile(path, `${JSON.stringify(changedAt(value, place.split('.'), change))}\n`);
    await sealAnew();
  }
  async function sealAnew(): Promise<void> {
    const files = new Map<string, Buffer>();
    for (const name of await filesOf(example.folder)) {
      if (name !== 'SHA256SUMS') files.set(name, await readFile(join(example.folder, name)));
    }
    await writeFile(join(example.folder, 'SHA256SUMS'), sumsText(files));
  }

  const evidence = 'looks/1/evidence.json';
  const verdict = 'looks/1/verdict.json';
  const less = (by: number) => (value: number) => value - by;
  const nextDraw = (version: number) => (version + 1) % 10;
  const zeros = () => '0'.repeat(64);
  test.each<[file: string, place: string, change: (value: never) => unknown, problem: string]>([
    [evidence, 'commitment', zeros, 'evidence.json commitment is "0000'],
    [evidence, 'marked.label.3', () => 2, 'marked.label[3] is 2; from key, manifest and losses follows 0'],
    [evidence, 'marked.group.3', () => 2, 'marked.group[3] is 2'],
    [evidence, 'marked.published.3', nextDraw, 'marked.published[3] is'],
    [evidence, 'marked', withoutLast, 'marked.label[39] is undefined'],
    [evidence, 'marked.suspectLoss.3.7', less(0.5), 'verdict.json'],
    [
      evidence,
      'marked.suspectLoss.3.7',
      () => 1e200,
      'evidence.json is no evidence: detector: evidence: marked.suspectLoss',
    ],
    [evidence, 'marked.referenceLoss.3.7', less(0.5), 'verdict.json'],
    [evidence, 'views', () => 1, 'views is 1; from key, manifest and losses follows 8'],
    [evidence, 'whiteBox.cosine.1', less(1e-6), 'whiteBox.cosine[1] is'],
    [evidence, 'whiteBox.alignedWeights', (text: string) => `AAAA${text.slice(4)}`, 'whiteBox.cosine[0] is'],
    [evidence, 'whiteBox.excessCosine.2', less(1e-6), 'whiteBox.excessCosine[2] is'],
    [evidence, 'whiteBox.referenceWeights.0', (text: string) => `AAAA${text.slice(4)}`, 'whiteBox.excessCosine[0] is'],
    [evidence, 'whiteBox.dimension', () => 8, 'whiteBox.alignedWeights'],
    [evidence, 'whiteBox', withoutWeights, 'whiteBox.dimension is invalid'],
    [evidence, 'whiteBox.heldOutR2', () => 0.5, 'verdict.json others[1].caveat'],
    [verdict, 'detected', () => false, 'verdict.json detected is false'],
    [verdict, 'decisive.log10P', less(0.001), 'verdict.json decisive.log10P'],
    [verdict, 'log10Level', () => -3, 'verdict.json log10Level is -3'],
    [verdict, 'sentence', () => 'Surely.', 'verdict.json sentence'],
    [verdict, 'others.0.log10P', less(1), 'verdict.json others[0].log10P'],
    [verdict, 'voidIf', (list: string[]) => list.slice(1), 'verdict.json voidIf[0]'],
    [verdict, 'guilty', () => true, 'guilty is true; from key, manifest and losses follows undefined'],
    ['private-manifest.json', 'images.0.published', nextDraw, 'is not to key'],
    ['private-manifest.json', 'images.0.versionSha256.0', zeros, 'is not to key'],
    ['private-manifest.json', 'markingNetworkSha256', zeros, 'is not to key'],
    ['commitment.json', 'keyId', zeros, 'names key 0000'],
    ['commitment.json', 'commitment', zeros, 'is not to key'],
    ['commitment.json', 'plan.level', () => 0.01, 'log10Level is -4'],
    ['commitment.json', 'plan.test', () => 'any that works', 'names the test "any that works"'],
    ['commitment.json', 'plan.scoreVersion', () => 1, 'names version 1 of the score'],
  ])('fails after a change of %s, %s', async (file, place, change, problem) => {
    await reseal(file, place, change);
    await expect(verifyBundle(example.folder, example.key)).rejects.toThrow(problem);
  });

  test('cannot hide a look but the last', async () => {
    await rm(join(example.folder, 'looks/1'), { recursive: true });
    await sealAnew();
    await expect(verifyBundle(example.folder, example.key)).rejects.toThrow(
      'SHA256SUMS names looks/2/evidence.json, which is no file of a bundle of 0 looks numbered from 1',
    );
  });
});

/** A JSON value with another value in one place. */
function changedAt(value: unknown, [name, ...rest]: string[], change: (value: never) => unknown): unknown {
  if (name === undefined) return change(value as never);
  const inner = changedAt((value as Record<string, unknown>)[name], rest, change);
  if (Array.isArray(value)) return value.with(Number(name), inner);
  return { ...(value as object), [name]: inner };
}

/** Of which no carrier can be made, and nothing else tells. */
function withoutWeights({ alignedWeights: _, ...rest }: WhiteBoxEvidence): object {
  return { ...rest, dimension: 2 ** 21 };
}

/** Lists that are a value shorter. */
function withoutLast(lists: Record<string, unknown[]>): object {
  return Object.fromEntries(Object.entries(lists).map(([name, list]) => [name, list.slice(0, -1)]));
}

test('looks are added one by one; the same one again is the same look; planned ones count from the first', async () => {
  const { folder, key, manifest, release } = example;
  const third = lookOf(evidenceOf(key, manifest, release, { seed: 3 }), release);
  expect(await addLooks(folder, release, [third])).toEqual([3]);
  expect(await addLooks(folder, release, [third])).toEqual([3]);
  const { looks, tests, isAsPlanned } = await verifyBundle(folder, key);
  expect(looks.map(({ number }) => number)).toEqual([1, 2, 3]);
  expect([tests, isAsPlanned]).toEqual([3, false]); // two were planned
  expect(looks[0]?.adjustedLog10P).toBeCloseTo((looks[0]?.log10P ?? NaN) + Math.log10(3), 12);
});

test('looks that are added at once wait for each other, and the same one is added once', async () => {
  const { folder, key, manifest, release } = example;
  const [third, fourth] = [3, 4].map((seed) => lookOf(evidenceOf(key, manifest, release, { seed }), release));
  const added = [third, fourth, third, fourth].map((look) => addLooks(folder, release, look ? [look] : []));
  const [[a], [b], ...again] = (await Promise.all(added)) as [number[], number[], ...number[][]];
  expect([a, b].sort()).toEqual([3, 4]);
  expect(again).toEqual([[a], [b]]);
  expect((await verifyBundle(folder, key)).looks).toHaveLength(4);
  expect((await readdir(dirname(folder))).filter((name) => name.includes('lock'))).toEqual([]);
});

test('a look at a suspect that only answered counts, and is computed again from its answers', async () => {
  const { folder, key, manifest, release } = example;
  const evidence = byAnswers(evidenceOf(key, manifest, release, { seed: 3, effect: 0.6 }));
  const look = lookOf(evidence, release);
  expect(await addLooks(folder, release, [look])).toEqual([3]);
  expect(await addLooks(folder, release, [look])).toEqual([3]);
  const { looks, tests } = await verifyBundle(folder, key);
  const { answersSha256: suspectSha256 } = evidence.suspect as { answersSha256: string };
  expect(looks[2]).toMatchObject({ knownBy: 'answers', suspectSha256, isDetected: true });
  expect(looks.map(({ knownBy }) => knownBy)).toEqual(['weights', 'weights', 'answers']);
  expect(tests).toBe(3);
  expect((await reportedLooks(folder)).looks[2]).toMatchObject({ knownBy: 'answers', suspectSha256 });
  expect(statementOf(await verifyBundle(folder, key)).subject[2]).toEqual({
    name: 'look 3: suspect, its answers',
    digest: { sha256: suspectSha256 },
  });

  const coarse = { ...evidence, suspect: { ...evidence.suspect, answers: 'labels' } };
  await addLooks(folder, release, [{ ...look, evidence: Buffer.from(JSON.stringify(coarse)) }]);
  await expect(verifyBundle(folder, key)).rejects.toThrow('looks/4/verdict.json sentence is');
});

test.each<[what: string, manifest: (honest: Manifest) => unknown, problem: string]>([
  ['a list', () => [], 'private-manifest.json is no manifest: the whole: '],
  ['no images', ({ images: _, ...rest }) => rest, 'private-manifest.json is no manifest: images: '],
  ['a row below 0', (honest) => withImage(honest, { row: -1 }), 'private-manifest.json is no manifest: images.0.row: '],
  ['one version', (honest) => ({ ...honest, versions: 1 }), 'private-manifest.json is no manifest: versions: '],
  ['a row twice', (honest) => withImage(honest, { row: 8 }), 'a row is there twice'],
  ['a hash too few', (honest) => withImage(honest, { versionSha256: [] }), 'has 0 versions of row 1, expected 10'],
])('a manifest of %s was committed to: it is refused by name', async (_, change, problem) => {
  const { key, manifest, release: honest } = example;
  const bytes = Buffer.from(JSON.stringify(change(manifest)));
  const release = { commitment: { ...honest.commitment, commitment: commit(key, bytes) }, manifest: bytes };
  const folder = join(dirname(example.folder), 'other');
  await addLooks(folder, release, [lookOf(evidenceOf(key, manifest, release, { seed: 3 }), release)]);
  const verified = verifyBundle(folder, key);
  await expect(verified).rejects.toMatchObject({ name: 'VerificationError' });
  await expect(verified).rejects.toThrow(problem);
});

/** With another first image. */
function withImage(manifest: Manifest, change: Partial<Manifest['images'][number]>): Manifest {
  const { images } = manifest;
  return { ...manifest, images: images.map((image, i) => (i === 0 ? { ...image, ...change } : image)) };
}

describe('a look at weights that were inferred from logits', () => {
  const thirdLook = async (change: (whiteBox: WhiteBoxEvidence) => WhiteBoxEvidence): Promise<void> => {
    const { folder, key, manifest, release } = example;
    const evidence = byLogits(evidenceOf(key, manifest, release, { seed: 3, effect: 0.6 }));
    const given = { ...evidence, whiteBox: change(evidence.whiteBox) };
    await addLooks(folder, release, [{ ...lookOf(evidence, release), evidence: Buffer.from(JSON.stringify(given)) }]);
  };

  test('is computed again from them', async () => {
    await thirdLook((whiteBox) => whiteBox);
    const { looks } = await verifyBundle(example.folder, example.key);
    expect(looks[2]).toMatchObject({ knownBy: 'weights', isDetected: true });
  });

  test.each<[change: string, (whiteBox: WhiteBoxEvidence) => WhiteBoxEvidence, problem: string]>([
    [
      'a weight',
      (whiteBox) => ({ ...whiteBox, alignedWeights: `AAAA${whiteBox.alignedWeights?.slice(4)}` }),
      'looks/3/evidence.json whiteBox.cosine[0] is',
    ],
    [
      'whether they were seen',
      ({ inferredFrom: _, ...whiteBox }) => whiteBox,
      'looks/3/verdict.json others[1].caveat is',
    ],
  ])('fails after a change of %s', async (_, change, problem) => {
    await thirdLook(change);
    await expect(verifyBundle(example.folder, example.key)).rejects.toThrow(problem);
  });
});

test('a look that was cut off before it was sealed is made anew', async () => {
  const { folder, key, manifest, release } = example;
  const sums = await readFile(join(folder, 'SHA256SUMS'));
  const third = lookOf(evidenceOf(key, manifest, release, { seed: 3 }), release);
  await addLooks(folder, release, [third]);
  await writeFile(join(folder, 'SHA256SUMS'), sums);
  await writeFile(join(folder, 'looks/3/verdict.json'), 'half');
  await expect(verifyBundle(folder, key)).rejects.toThrow('looks/3/evidence.json is not in SHA256SUMS');
  expect(await addLooks(folder, release, [third])).toEqual([3]);
  expect((await verifyBundle(folder, key)).looks).toHaveLength(3);
});

test('a bundle of another release, or a damaged one, takes no look', async () => {
  const { folder, key, manifest, release } = example;
  const look = lookOf(evidenceOf(key, manifest, release, { seed: 3 }), release);
  const other = { ...release, commitment: { ...release.commitment, publishedDigest: 'a'.repeat(64) } };
  await expect(addLooks(folder, other, [look])).rejects.toThrow('commitment.json in');
  await writeFile(join(folder, 'looks/1/verdict.json'), '{}');
  await expect(addLooks(folder, release, [look])).rejects.toThrow('looks/1/verdict.json was changed');
  expect(await readdir(dirname(folder))).toEqual(['evidence']); // no lock is left
});
