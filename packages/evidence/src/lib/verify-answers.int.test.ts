import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { drawsOf } from '@radiotracer/detector/judge';
import {
  finiteLosses,
  finiteLossesByDraw,
  grouped,
  meansOfViews,
  queriesOf,
  viewQueriesOf,
} from '@radiotracer/detector/queries';
import { sha256 } from '@radiotracer/store';

import { byAnswers, evidenceOf, exampleBundle, lookOf } from '../../test/example-bundle.ts';
import { addLooks } from './add-looks.ts';
import { verifyAnswers } from './verify-answers.ts';
import { verifyBundle } from './verify-bundle.ts';

let folder: string;
let bundle: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'radiotracer-answers-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
  await rm(dirname(bundle), { recursive: true });
});

/** A bundle whose second look is at a suspect that answered so; what is recorded of it, and the answers. */
async function answered(
  record: (loss: number, at: number) => number,
  answers: 'losses' | 'logits' = 'losses',
): Promise<{ verify: (table?: string) => Promise<void>; lines: string[] }> {
  const { key, manifest, release, ...made } = await exampleBundle();
  bundle = made.folder;
  const evidence = byAnswers(evidenceOf(key, manifest, release, { seed: 2, effect: 0.6 }));
  const losses = evidence.marked.suspectLoss.flat();
  const queries = queriesOf(manifest, key, evidence.commitment);
  const lines = queries.map(({ id }, i) => `${id},${losses[i]}\n`);
  const table = join(folder, 'answers.csv');
  const text = ['id,loss\n', ...lines].join('');
  await writeFile(table, text);
  const suspect = { key: evidence.suspect.key, answers, answersSha256: sha256(text) } as const;
  const { versions } = manifest;
  const suspectLoss = evidence.marked.suspectLoss.map((row, i) => row.map((loss, v) => record(loss, i * versions + v)));
  const recorded = { ...evidence, suspect, marked: { ...evidence.marked, suspectLoss } };
  await addLooks(bundle, release, [lookOf(recorded, release)]);
  const verified = await verifyBundle(bundle, key);
  return { verify: (path = table) => verifyAnswers(verified, key, 2, path), lines };
}

test('losses follow from the answers', async () => {
  const { verify } = await answered((loss) => loss);
  await expect(verify()).resolves.toBeUndefined();
});

test('a publisher who records other losses than those answered is found out, though his verdict follows from them', async () => {
  const { verify } = await answered((loss, at) => (at === 12 ? loss + 1e-3 : loss));
  await expect(verify()).rejects.toMatchObject({
    name: 'VerificationError',
    message: expect.stringMatching(
      /looks\/2\/evidence\.json.*marked\.suspectLoss\[\d+\]\[\d+\] is .*; from the answers in /,
    ),
  });
});

test('a publisher who says that it answered more than it did is found out', async () => {
  const { verify } = await answered((loss) => loss, 'logits');
  await expect(verify()).rejects.toThrow(
    /looks\/2\/evidence\.json suspect\.answers is logits; from the answers in .* follows losses$/,
  );
});

test('losses that are means over views follow from the answers in each of them', async () => {
  const { key, manifest, release, ...made } = await exampleBundle();
  bundle = made.folder;
  const evidence = byAnswers(evidenceOf(key, manifest, release, { seed: 2, effect: 0.6 }));
  const means = evidence.marked.suspectLoss.flat();
  const text = (off: number): string => {
    const asked = viewQueriesOf(manifest, key, evidence.commitment);
    const lines = asked.map(({ id, at, view = 0 }) => `${id},${(means[at] as number) + (view - 3.5) / 16 + off}\n`);
    return ['id,loss\n', ...lines].join('');
  };
  const [table, another] = [join(folder, 'answers.csv'), join(folder, 'others.csv')];
  await writeFile(table, text(0));
  await writeFile(another, text(0.01));
  const suspect = { key: evidence.suspect.key, answers: 'losses', answersSha256: sha256(text(0)) } as const;
  await addLooks(bundle, release, [lookOf({ ...evidence, suspect, views: 8 }, release)]);
  const verified = await verifyBundle(bundle, key);
  await expect(verifyAnswers(verified, key, 2, table)).resolves.toBeUndefined();
  await expect(verifyAnswers(verified, key, 2, another)).rejects.toThrow('marked.suspectLoss[0][0] is');
});

test.each([
  ['each version', 1],
  ['eight views of each version', 8],
])('a probability of 0 among answers about %s counts by the draws up to its own', async (_, views) => {
  const { key, manifest, release, ...made } = await exampleBundle();
  bundle = made.folder;
  const evidence = byAnswers(evidenceOf(key, manifest, release, { seed: 2, effect: 0.6 }));
  const queries = (views > 1 ? viewQueriesOf : queriesOf)(manifest, key, evidence.commitment);
  const probability = queries.map((_, i) => (i === 0 || i === queries.length - 1 ? 0 : 0.5 / (1 + i)));
  const table = join(folder, 'answers.jsonl');
  const lines = queries.map(({ id, label }, i) => {
    const p = probability[i] as number;
    return JSON.stringify({ id, probabilities: [0, 1, 2].map((c) => (c === label ? p : (1 - p) / 2)) });
  });
  await writeFile(table, lines.join('\n'));
  const draws = drawsOf(evidence).map(({ images }) => images);
  const losses = grouped(
    probability.map((p) => -Math.log(p)),
    manifest.versions * views,
  );
  const suspectLoss = finiteLossesByDraw(losses, draws).map((ofImage) => meansOfViews(ofImage, views));
  expect(suspectLoss[0]?.[0]).not.toBe(meansOfViews(finiteLosses(losses.flat()), views)[0]);
  const suspect = { ...evidence.suspect, answers: 'probabilities' } as const;
  const recorded = { ...evidence, suspect, marked: { ...evidence.marked, suspectLoss }, ...(views > 1 && { views }) };
  await addLooks(bundle, release, [lookOf(recorded, release)]);
  const verified = await verifyBundle(bundle, key);
  await expect(verifyAnswers(verified, key, 2, table)).resolves.toBeUndefined();
});

test('answers that are not whole are refused', async () => {
  const { verify, lines } = await answered((loss) => loss);
  const short = join(folder, 'short.csv');
  await writeFile(short, ['id,loss\n', ...lines.slice(1)].join(''));
  await expect(verify(short)).rejects.toMatchObject({
    name: 'TableError',
    message: expect.stringContaining(`1 of ${lines.length} queries have no answer`),
  });
});
