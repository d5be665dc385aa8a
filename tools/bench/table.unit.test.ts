import { describe, expect, test } from '@jest/globals';
import { betweenMarkers } from './between-markers.ts';
import type { Pair } from './measure.ts';
import { shareOf } from './programs/share-of.ts';
import { type Row, slowdown, speedup } from './row.ts';
import { statisticsOf } from './statistics.ts';
import { tableOf } from './table.ts';

const row: Row = {
  name: 'work',
  work: 'some work',
  unit: 'images/s',
  ours: { name: 'ours', file: 'ours.ts', args: [] },
  against: [],
  figure: speedup,
  format: 'times',
  limit: { kind: 'at least', value: 1, aim: 1.5 },
};
const pair = (ours: number, against: number, peakMemoryMb = 100): Pair => ({
  ours: { rate: ours, peakMemoryMb, otherWork: 0 },
  against: { rate: against, peakMemoryMb: 2 * peakMemoryMb, otherWork: 0 },
});

describe('statistics', () => {
  test('the figure is the median of the pairs, not the ratio of the medians', () => {
    const { figure, ours, against } = statisticsOf(row, [pair(10, 5), pair(20, 40), pair(30, 25)]);
    expect(figure).toEqual({ median: 1.2, min: 0.5, max: 2 });
    expect(ours.rate).toEqual({ median: 20, min: 10, max: 30 });
    expect(against?.rate).toEqual({ median: 25, min: 5, max: 40 });
    expect([ours.peakMemoryMb, against?.peakMemoryMb]).toEqual([100, 200]);
  });

  test.each([
    [0.99, 'no'],
    [1, 'yes'],
    [1.49, 'yes'],
    [1.5, 'aim'],
  ])('a figure of %d, where 1 is asked for and 1.5 aimed at: %s', (rate, met) => {
    expect(statisticsOf(row, [pair(rate, 1)]).met).toBe(met);
  });

  test('at most: smaller is better', () => {
    const slower: Row = { ...row, figure: slowdown, limit: { kind: 'at most', value: 1.2, aim: 1.05 } };
    expect(statisticsOf(slower, [pair(10, 13)]).met).toBe('no');
    expect(statisticsOf(slower, [pair(10, 12)]).met).toBe('yes');
    expect(statisticsOf(slower, [pair(10, 10)]).met).toBe('aim');
  });

  test('a figure that is no number meets nothing', () => {
    expect(statisticsOf(row, [{ ours: { rate: 1, peakMemoryMb: 1, otherWork: 0 } }]).met).toBe('no');
  });
});

test('a figure from a machine that did other work does not count', () => {
  const busy = { rate: 10, peakMemoryMb: 1, otherWork: 0.5 };
  const statistics = statisticsOf(row, [{ ours: busy, against: { ...busy, rate: 5 } }]);
  expect(statistics).toMatchObject({ met: 'busy', otherWork: 0.5 });
  expect(tableOf([{ row, statistics }])).toContain('does not count');
});

test('the table shows medians with their spread, the bounds, and what was met', () => {
  const statistics = statisticsOf(row, [pair(1234.5, 1000), pair(1100, 1000)]);
  const [, , line = ''] = tableOf([{ row, opponent: 'theirs', statistics }]).split('\n');
  const cells = line.split('|').map((cell) => cell.trim());
  expect(cells.slice(1, -1)).toEqual([
    'some work',
    'images/s',
    '1,170 (1,100 – 1,230)',
    'theirs: 1,000 (1,000 – 1,000)',
    '**1.17×** (1.10× – 1.23×)',
    '≥ 1×',
    '≥ 1.5×',
    'yes',
    '100',
    '200',
  ]);
});

test('lines go between the markers, and nothing else changes', () => {
  const page = 'before\n<!-- bench -->\nold\n<!-- /bench -->\nafter\n';
  const written = betweenMarkers(page, 'bench', 'new\n');
  expect(written).toBe('before\n<!-- bench -->\n\nnew\n\n<!-- /bench -->\nafter\n');
  expect(betweenMarkers(written, 'bench', 'new')).toBe(written);
  expect(() => betweenMarkers('before', 'bench', 'new')).toThrow('needs the lines <!-- bench --> and <!-- /bench -->');
});

test('a share counts what a function calls, and what it calls in turn', () => {
  const frame = (functionName: string) => ({ functionName, scriptId: '', url: '', lineNumber: 0, columnNumber: 0 });
  const nodes = [
    { id: 1, callFrame: frame('(root)'), children: [2, 4] },
    { id: 2, callFrame: frame('augmentedBatch'), children: [3] },
    { id: 3, callFrame: frame('cropFlip') },
    { id: 4, callFrame: frame('trainingPass') },
  ];
  const profile = { nodes, startTime: 0, endTime: 10, samples: [2, 3, 4, 4], timeDeltas: [1, 2, 3, 4] };
  expect(shareOf(profile, ['augmentedBatch'])).toBeCloseTo(0.3);
});
