import { describe, expect, it } from '@jest/globals';
import { setImmediate } from 'node:timers/promises';
import { atMost } from './at-most.ts';

describe('atMost', () => {
  it('works on so many at once, begins in order and keeps the order', async () => {
    const begun: number[] = [];
    let [running, most] = [0, 0];
    const work = async (item: number, index: number): Promise<string> => {
      begun.push(item);
      most = Math.max(most, ++running);
      for (let i = 0; i < (item % 3) + 1; i++) await setImmediate();
      running--;
      return `${index}: ${item}`;
    };
    expect(await atMost(3, [10, 11, 12, 13, 14, 15, 16], work)).toEqual(
      [10, 11, 12, 13, 14, 15, 16].map((item, index) => `${index}: ${item}`),
    );
    expect(begun).toEqual([10, 11, 12, 13, 14, 15, 16]);
    expect(most).toBe(3);
  });

  it('fails with the first failure', async () => {
    const work = async (item: number): Promise<number> => {
      if (item === 2) throw new Error('two');
      return item;
    };
    await expect(atMost(2, [1, 2, 3], work)).rejects.toThrow('two');
    expect(await atMost(2, [], work)).toEqual([]);
  });
});
