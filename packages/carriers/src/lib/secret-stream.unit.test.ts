import { describe, expect, it } from '@jest/globals';
import { InvalidArgumentError } from './errors.ts';
import { MarkingKey } from './marking-key.ts';
import { SecretStream } from './secret-stream.ts';

const key = new MarkingKey(Buffer.alloc(32, 5));

/** χ² of counts against equal expectation. */
function chiSquared(counts: readonly number[]): number {
  const expected = counts.reduce((a, b) => a + b) / counts.length;
  return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
}

describe('SecretStream', () => {
  // Bounds: the 1 − 1e−4 quantiles of χ², scipy.stats.chi2.isf(1e-4, df): 18.42 (2), 27.86 (6), 33.72 (9).
  it.each([
    [7, 7, 27.86],
    [10, 10, 33.72],
    [3 * 2 ** 30, 3, 18.42], // u mod n without rejection falls twice as often into the first third
  ])('draws integers below %d without bias', (n, bins, bound) => {
    const stream = new SecretStream(key, `test/${n}`);
    const counts = new Array<number>(bins).fill(0);
    for (let i = 0; i < 60_000; i++) {
      const bin = Math.floor((stream.uniformInt(n) / n) * bins);
      counts[bin] = (counts[bin] ?? 0) + 1;
    }
    expect(chiSquared(counts)).toBeLessThan(bound);
  });

  it('draws uniforms and normals with the right moments and tails', () => {
    const count = 200_000;
    const stream = new SecretStream(key, 'test/moments');
    const mean = (values: Float64Array) => values.reduce((sum, x) => sum + x, 0) / count;
    const uniforms = Float64Array.from({ length: count }, () => stream.uniform());
    const normals = Float64Array.from({ length: count }, () => stream.normal());
    // Each within 4 standard errors √(variance of the mean's terms / count).
    expect(Math.abs(mean(uniforms) - 1 / 2)).toBeLessThan(4 * Math.sqrt(1 / 12 / count));
    expect(uniforms.every((x) => x >= 0 && x < 1)).toBe(true);
    expect(Math.abs(mean(normals))).toBeLessThan(4 * Math.sqrt(1 / count));
    expect(Math.abs(mean(normals.map((x) => x ** 2)) - 1)).toBeLessThan(4 * Math.sqrt(2 / count));
    expect(Math.abs(mean(normals.map((x) => x ** 4)) - 3)).toBeLessThan(4 * Math.sqrt(96 / count));
    const beyond3 = normals.filter((x) => Math.abs(x) > 3).length; // P = 0.0026998
    expect(Math.abs(beyond3 - 0.0026998 * count)).toBeLessThan(4 * Math.sqrt(0.0026998 * count));
  });

  it('is uncorrelated between neighbouring domains', () => {
    const count = 50_000;
    const normals = (domain: string) => {
      const stream = new SecretStream(key, domain);
      return Float64Array.from({ length: count }, () => stream.normal());
    };
    const reference = normals('carrier/class/1/version/1/dimension/512');
    for (const domain of [
      'carrier/class/2/version/1/dimension/512',
      'carrier/class/1/version/2/dimension/512',
      'carrier/class/1/version/1/dimension/511',
      'carrier/image/1/version/1/dimension/512',
      'published/class/1/versions/10',
      'choose/class/1',
    ]) {
      const other = normals(domain);
      const correlation = reference.reduce((sum, x, i) => sum + x * (other[i] ?? NaN), 0) / count;
      expect(Math.abs(correlation)).toBeLessThan(4 / Math.sqrt(count));
    }
  });

  it.each([0, -1, 1.5, NaN, 2 ** 32 + 1])('refuses integers below %d', (n) => {
    expect(() => new SecretStream(key, 'test').uniformInt(n)).toThrow(InvalidArgumentError);
  });
});
