import { describe, expect, it } from '@jest/globals';
import type { Candidates } from './candidates.ts';
import { drawPublished } from './draw-published.ts';
import { InvalidArgumentError } from './errors.ts';
import { MarkingKey } from './marking-key.ts';

const key = new MarkingKey(Buffer.alloc(32, 9));

/** Candidates of so many images, of four classes. */
function candidatesOf(images: number, changes: Partial<Candidates> = {}): Candidates {
  const hash = (...numbers: number[]): string => Buffer.from(numbers).toString('hex').padStart(64, '0');
  return {
    keyId: key.keyId,
    split: 'train',
    classNames: ['a', 'b', 'c', 'd'],
    height: 32,
    width: 32,
    markingNetworkSha256: hash(1),
    versions: 4,
    carrierUnit: 'image',
    images: Array.from({ length: images }, (_, row) => {
      return { row, label: row % 4, versionSha256: [0, 1, 2, 3].map((v) => hash(row >> 8, row & 255, v)) };
    }),
    ...changes,
  };
}

describe('drawPublished', () => {
  it('is uniform over versions and over pairs of neighbouring groups', () => {
    const pairs = new Array<number>(16).fill(0);
    const drawn = drawPublished(key, candidatesOf(9_600));
    for (let i = 0; i < drawn.length; i += 2) {
      const pair = (drawn[i] as number) * 4 + (drawn[i + 1] as number);
      pairs[pair] = (pairs[pair] ?? 0) + 1;
    }
    const chiSquared = pairs.reduce((sum, count) => sum + (count - 300) ** 2 / 300, 0);
    expect(chiSquared).toBeLessThan(44.26); // scipy.stats.chi2.isf(1e-4, 15)
  });

  it('is uniform over keys for one group', () => {
    let ones = 0;
    for (let i = 0; i < 4000; i++) {
      const bytes = Buffer.alloc(32);
      bytes.writeUInt32LE(i);
      ones += drawPublished(new MarkingKey(bytes), candidatesOf(1, { versions: 2 }))[0] as number;
    }
    expect(Math.abs(ones - 2000)).toBeLessThan(4 * Math.sqrt(1000));
  });

  it('is one draw for all images of a class where they share a carrier', () => {
    const drawn = drawPublished(key, candidatesOf(40, { carrierUnit: 'class' }));
    expect(drawn).toEqual(drawn.map((_, i) => drawn[i % 4]));
  });

  const { images } = candidatesOf(100);
  const [first, ...others] = images as [Candidates['images'][number], ...Candidates['images']];
  it.each<[string, Partial<Candidates> & { readonly beacon?: string }]>([
    ['a version', { images: [{ ...first, versionSha256: [...first.versionSha256].reverse() }, ...others] }],
    ['a label', { images: [{ ...first, label: 3 }, ...others] }],
    ['one image more', { images: candidatesOf(101).images }],
    ['the marking network', { markingNetworkSha256: 'f'.repeat(64) }],
    ['the split', { split: 'test' }],
    ['the order of classes', { classNames: ['b', 'a', 'c', 'd'] }],
    ['the size', { height: 16, width: 64 }],
    ['the beacon', { beacon: `drand.quicknet:1:${'0'.repeat(64)}` }],
    ['another beacon', { beacon: `drand.quicknet:1:${'0'.repeat(63)}1` }],
  ])('is another draw with another choice to draw from: %s', (_, { beacon, ...changes }) => {
    // By chance 25 of 100 are equal, with a standard deviation of 4.3.
    const before = drawPublished(key, candidatesOf(100));
    const after = drawPublished(key, candidatesOf(100, changes), beacon);
    expect(before.filter((version, i) => version === after[i]).length).toBeLessThan(50);
    expect(drawPublished(key, candidatesOf(100, changes), beacon)).toEqual(after);
  });

  it.each([1, 0, 2.5, NaN])('refuses %p versions', (versions) => {
    expect(() => drawPublished(key, candidatesOf(1, { versions }))).toThrow(InvalidArgumentError);
  });

  const value = '0f1e'.repeat(16);
  it.each([
    '',
    value,
    `drand:${value}`,
    `drand:01:${value}`,
    `Drand:1:${value}`,
    `drand:1:${value.toUpperCase()}`,
    `drand:1:${value}0`,
    `drand:1:${value}\n`,
  ])('refuses the beacon "%s"', (beacon) => {
    expect(() => drawPublished(key, candidatesOf(1), beacon)).toThrow(
      'expected <source>:<round>:<64 or 128 hex digits>',
    );
  });

  it('takes the longest beacon', () => {
    const beacon = `${'s'.repeat(64)}:${'9'.repeat(20)}:${value}${value}`;
    expect(drawPublished(key, candidatesOf(3), beacon)).toHaveLength(3);
  });
});
