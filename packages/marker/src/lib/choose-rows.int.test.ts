import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { chooseImages, InvalidArgumentError, MarkingKey } from '@radiotracer/carriers';
import { ImageShards, ShardWriter } from '@radiotracer/corpus';
import { normalise, tf } from '@radiotracer/nets';
import { predict } from '@radiotracer/trainer';

import { IMAGE_SIZE, randomImage, SIDE, tinyNetwork } from '../../test/tiny-network.ts';
import { chooseRows } from './choose-rows.ts';
import { PAPER_MARKING } from './marking-settings.ts';
import type { MarkingSettings } from './types.ts';

/** 25, 15 and 10 images of three classes, mixed. */
const LABELS = Array.from({ length: 50 }, (_, row) => (row % 2 === 0 ? 0 : row % 5 < 3 ? 1 : 2));
/** A fifth of each class. */
const SHARES = [5, 3, 2];

const network = tinyNetwork(3);
const key = new MarkingKey(Buffer.alloc(32, 1));
let folder: string;
let shards: ImageShards;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'radiotracer-marker-'));
  const writer = await ShardWriter.create(folder, { height: SIDE, width: SIDE, classNames: ['a', 'b', 'c'] });
  for (const [row, label] of LABELS.entries()) await writer.append(randomImage(row), [label]);
  await writer.close();
  shards = await ImageShards.open(folder);
});
afterAll(async () => {
  network.dispose();
  shards.close();
  await rm(folder, { recursive: true });
});

function choose(change: Partial<MarkingSettings>, by = key): Promise<number[]> {
  const losses = async () => (await predict(network, shards)).loss;
  return chooseRows(by, shards.labels, { ...PAPER_MARKING, markedFraction: 0.2, ...change }, losses);
}

const countByClass = (rows: readonly number[]) =>
  SHARES.map((_, label) => rows.filter((row) => LABELS[row] === label).length);

/** Cross-entropy of a row, from the network's logits alone. */
function lossOf(row: number): number {
  const pixels = shards.read([row]);
  expect(pixels).toHaveLength(IMAGE_SIZE);
  const logits = tf.tidy(() =>
    Array.from(network.logits(tf.tensor(normalise(pixels), [1, SIDE, SIDE, 3])).logits.dataSync()),
  );
  const sum = logits.reduce((total, logit) => total + Math.exp(logit), 0);
  return Math.log(sum) - (logits[LABELS[row] as number] as number);
}

describe.each(['random', 'hardest'] as const)('chooseRows, %s', (selection) => {
  it('takes the exact share of the corpus, of each class by its size, in ascending order', async () => {
    const rows = await choose({ selection });
    expect(countByClass(rows)).toEqual(SHARES);
    expect(rows).toEqual([...new Set(rows)].sort((a, b) => a - b));
    expect(await choose({ selection, markedFraction: 1 })).toEqual(LABELS.map((_, row) => row));
    expect(await choose({ selection, markedFraction: 0.05 })).toHaveLength(3); // 2.5 images
  });

  it('refuses a share of less than one image', async () => {
    await expect(choose({ selection, markedFraction: 0.005 })).rejects.toThrow(InvalidArgumentError);
  });
});

describe('chooseRows', () => {
  it('at random: as the key draws, and by another key other rows', async () => {
    const rows = await choose({ selection: 'random' });
    expect(rows).toEqual(chooseImages(key, { labels: LABELS, fraction: 0.2 }));
    expect(await choose({ selection: 'random' }, new MarkingKey(Buffer.alloc(32, 2)))).not.toEqual(rows);
  });

  it('the hardest: no image of a class that was left has a higher loss than one that was taken', async () => {
    const rows = new Set(await choose({ selection: 'hardest' }));
    const losses = LABELS.map((label, row) => ({ label, taken: rows.has(row), loss: lossOf(row) }));
    SHARES.forEach((_, label) => {
      const of = (taken: boolean) => losses.filter((one) => one.label === label && one.taken === taken);
      const lowestTaken = Math.min(...of(true).map(({ loss }) => loss));
      const highestLeft = Math.max(...of(false).map(({ loss }) => loss));
      expect(lowestTaken).toBeGreaterThan(highestLeft);
    });
  });

  it('the hardest: whatever the key, unlike at random', async () => {
    const other = new MarkingKey(Buffer.alloc(32, 2));
    expect(await choose({ selection: 'hardest' }, other)).toEqual(await choose({ selection: 'hardest' }));
    expect(await choose({ selection: 'hardest' })).not.toEqual(await choose({ selection: 'random' }));
  });
});
