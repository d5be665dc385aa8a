import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';

import type { Query } from '../queries.ts';
import { Answers } from './answers.ts';

const queries = [0, 1].map((at): Query => ({ id: `id-${at}`, at, row: 0, version: at, label: 1 }));
const [first, second] = queries as [Query, Query];
const logits = { logits: [1, 2, 3] };

let scratchDir: string;
beforeEach(async () => {
  scratchDir = await mkdtemp(join(tmpdir(), 'radiotracer-kept-'));
});
afterEach(() => rm(scratchDir, { recursive: true }));

const open = (): Promise<Answers> =>
  Answers.open({ scratchDir, report: () => undefined }, ['cat', 'dog', 'eel'], queries);

it('an answer that was kept is there for the next attempt, with its kind', async () => {
  await (await open()).keep(first, logits, 'http://x');
  const again = await open();
  expect([again.count, again.kind, again.has(first), again.has(second)]).toEqual([1, 'logits', true, false]);
  expect(again.of(first)).toEqual({ kind: 'logits', ...logits });
  await expect(again.keep(second, { label: 1 }, 'http://x')).rejects.toThrow('found labels, but logits before');
});

it('of two answers of two kinds that come at once, one is refused', async () => {
  const answers = await open();
  const kept = [answers.keep(first, logits, 'http://x'), answers.keep(second, { label: 1 }, 'http://x')];
  await expect(Promise.all(kept)).rejects.toThrow('endpoint http://x: found labels, but logits before');
  await Promise.allSettled(kept);
  expect([answers.count, answers.kind]).toEqual([1, 'logits']);
});
