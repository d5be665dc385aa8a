import { readFileSync } from 'node:fs';

import { describe, expect, it } from '@jest/globals';

import { Rng } from './rng.ts';

interface Golden {
  cases: { seed: number; path: (string | number)[]; uint32: number[]; permutation: number[] }[];
}

// Computed by generate-rng.py beside it, which shares no code with this package.
const golden = JSON.parse(readFileSync(new URL('../../test/fixtures/rng.json', import.meta.url), 'utf8')) as Golden;

describe('Rng', () => {
  it.each(golden.cases)('gives the reference’s numbers for seed $seed, path $path', ({ seed, path, ...expected }) => {
    const rng = Rng.of(seed, ...path);
    expect(expected.uint32.map(() => rng.uint32())).toEqual(expected.uint32);
    expect(Array.from(rng.permutation(20))).toEqual(expected.permutation);
  });

  it('gives a stream that does not depend on what was drawn from others', () => {
    const alone = Rng.of(5, 'augment', 3, 7).uint32();
    const before = Rng.of(5, 'augment', 3, 6);
    for (let i = 0; i < 10; i++) before.uint32();
    expect(Rng.of(5, 'augment', 3, 7).uint32()).toBe(alone);
    expect(Rng.of(5, 'augment', 4, 7).uint32()).not.toBe(alone);
    expect(Rng.of(6, 'augment', 3, 7).uint32()).not.toBe(alone);
  });

  it('draws uniform numbers and normal ones', () => {
    const draws = 20_000;
    const rng = Rng.of(1, 'moments');
    const uniform = Array.from({ length: draws }, () => rng.uniform());
    const normal = Array.from({ length: draws }, () => rng.normal());
    const mean = (values: number[]) => values.reduce((a, b) => a + b, 0) / draws;
    // Five standard errors of each mean.
    expect(Math.abs(mean(uniform) - 0.5)).toBeLessThan(5 * Math.sqrt(1 / 12 / draws));
    expect(Math.abs(mean(normal))).toBeLessThan(5 * Math.sqrt(1 / draws));
    expect(Math.abs(mean(normal.map((x) => x * x)) - 1)).toBeLessThan(5 * Math.sqrt(2 / draws));
    expect(Math.min(...uniform)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...uniform)).toBeLessThan(1);
  });

  it('draws each integer below n about equally often', () => {
    const counts = new Array<number>(7).fill(0);
    const rng = Rng.of(1, 'integers');
    for (let i = 0; i < 7000; i++) {
      const drawn = rng.integer(7);
      counts[drawn] = (counts[drawn] as number) + 1;
    }
    // Five standard deviations of a binomial count.
    for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(5 * Math.sqrt(7000 * (1 / 7) * (6 / 7)));
  });
});
