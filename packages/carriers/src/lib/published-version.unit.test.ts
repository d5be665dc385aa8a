import { describe, expect, it } from '@jest/globals';
import { InvalidArgumentError } from './errors.ts';
import { MarkingKey } from './marking-key.ts';
import { publishedVersion } from './published-version.ts';

describe('publishedVersion', () => {
  it('is uniform over versions and over pairs of neighbouring groups', () => {
    const key = new MarkingKey(Buffer.alloc(32, 9));
    const versions = 4;
    const pairs = new Array<number>(versions ** 2).fill(0);
    for (let i = 0; i < 4_800; i++) {
      const a = publishedVersion(key, { unit: 'image', index: 2 * i, versions });
      const b = publishedVersion(key, { unit: 'image', index: 2 * i + 1, versions });
      pairs[a * versions + b] = (pairs[a * versions + b] ?? 0) + 1;
    }
    const chiSquared = pairs.reduce((sum, count) => sum + (count - 300) ** 2 / 300, 0);
    expect(chiSquared).toBeLessThan(44.26); // scipy.stats.chi2.isf(1e-4, 15)
  });

  it('is uniform over keys for one group', () => {
    let ones = 0;
    for (let i = 0; i < 4000; i++) {
      const bytes = Buffer.alloc(32);
      bytes.writeUInt32LE(i);
      ones += publishedVersion(new MarkingKey(bytes), { unit: 'class', index: 3, versions: 2 });
    }
    expect(Math.abs(ones - 2000)).toBeLessThan(4 * Math.sqrt(1000));
  });

  it.each([1, 0, 2.5, NaN])('refuses %p versions', (versions) => {
    const key = new MarkingKey(Buffer.alloc(32));
    expect(() => publishedVersion(key, { unit: 'class', index: 0, versions })).toThrow(InvalidArgumentError);
  });
});
