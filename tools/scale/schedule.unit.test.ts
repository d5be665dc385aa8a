import { describe, expect, it } from '@jest/globals';
import { schedule } from './schedule.ts';
import type { Work } from './work.ts';

const transfer = { sendSecondsPerFile: 1, fetchSecondsPerFile: 1, sendBytesPerSecond: 10, fetchBytesPerSecond: 5 };
const work = (makes: string, needs: string[], seconds: number): Work => ({
  step: makes,
  stage: 'ingest',
  makes,
  needs,
  seconds,
  files: 1,
  bytes: 10,
});
/** One that makes, two that can go side by side, one that needs both. */
const diamond = [work('a', [], 10), work('b', ['a'], 20), work('c', ['a'], 30), work('d', ['b', 'c'], 5)];
const ends = (workers: number) => schedule(diamond, workers, transfer).map(({ endSeconds }) => endSeconds);

describe('schedule', () => {
  it('of one worker is the sum of computing and sending: it has what it needs', () => {
    expect(ends(1)).toEqual([12, 34, 66, 73]);
  });

  it('of two goes side by side, and fetches what the other made', () => {
    // The second worker fetches a (1 s for the file, 2 s for the bytes) for b, and c for d.
    expect(ends(2)).toEqual([12, 37, 44, 54]);
    expect(schedule(diamond, 2, transfer).map(({ fetchedBytes }) => fetchedBytes)).toEqual([0, 10, 0, 10]);
  });

  it('of more workers than there is work for gains nothing, and fetches more', () => {
    expect(ends(16)).toEqual([12, 37, 47, 60]);
  });
});
