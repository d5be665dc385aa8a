import { describe, expect, it } from '@jest/globals';
import { carrier } from './carrier.ts';
import { InvalidArgumentError } from './errors.ts';
import { MarkingKey } from './marking-key.ts';

const key = new MarkingKey(Buffer.alloc(32, 7));
const COUNT = 2000;

/** Cosines of one carrier with the next `COUNT` ones, float64. */
function cosines(dimension: number): number[] {
  const first = carrier(key, { unit: 'class', index: 0, version: 0, dimension });
  return Array.from({ length: COUNT }, (_, i) => {
    const other = carrier(key, { unit: 'class', index: i % 100, version: 1 + Math.floor(i / 100), dimension });
    return other.reduce((sum, x, j) => sum + x * (first[j] ?? NaN), 0);
  });
}

/** P(C ≥ cosine) for a uniform direction: ∫ (1 − t²)^((d−3)/2) dt by the midpoint rule, error below 1e−6. */
function tailProbability(dimension: number): (cosine: number) => number {
  const steps = 1000;
  const density = (t: number) => (1 - t * t) ** ((dimension - 3) / 2);
  const integral = (from: number) => {
    let sum = 0;
    for (let i = 0; i < steps; i++) sum += density(from + ((i + 0.5) * (1 - from)) / steps);
    return (sum * (1 - from)) / steps;
  };
  const all = integral(-1);
  return (cosine) => integral(cosine) / all;
}

describe('carrier', () => {
  it('has unit norm', () => {
    for (const dimension of [2, 3, 64, 512, 2048]) {
      const u = carrier(key, { unit: 'image', index: 4, version: 2, dimension });
      expect(u).toHaveLength(dimension);
      expect(Math.abs(Math.hypot(...u) - 1)).toBeLessThan(1e-6);
    }
  });

  it.each([3, 16, 512])(
    'is uniform on the sphere of R^%d: cosines have mean 0, variance 1/d, uniform p-values',
    (d) => {
      const values = cosines(d);
      const mean = values.reduce((a, b) => a + b) / COUNT;
      const variance = values.reduce((sum, c) => sum + c * c, 0) / COUNT;
      // Within 4 standard errors; Var C = 1/d, Var C² = 2(d−1)/(d²(d+2)).
      expect(Math.abs(mean)).toBeLessThan(4 * Math.sqrt(1 / d / COUNT));
      expect(Math.abs(variance - 1 / d)).toBeLessThan(4 * Math.sqrt((2 * (d - 1)) / (d * d * (d + 2)) / COUNT));

      const pValues = values.map(tailProbability(d)).sort((a, b) => a - b);
      const distance = Math.max(...pValues.map((p, i) => Math.max((i + 1) / COUNT - p, p - i / COUNT)));
      expect(distance).toBeLessThan(2.23 / Math.sqrt(COUNT)); // Kolmogorov–Smirnov at 1e−4
    },
  );

  it('has no favoured coordinate', () => {
    const d = 64;
    const sum = new Float64Array(d);
    for (let index = 0; index < COUNT; index++) {
      carrier(key, { unit: 'image', index, version: 0, dimension: d }).forEach((x, i) => (sum[i] = (sum[i] ?? 0) + x));
    }
    // Each sum is close to N(0, COUNT/d); of 64 none beyond 5 σ.
    for (const s of sum) expect(Math.abs(s)).toBeLessThan(5 * Math.sqrt(COUNT / d));
  });

  it('is the same again, and another one when anything differs', () => {
    const options = { unit: 'class', index: 1, version: 1, dimension: 8 } as const;
    const base = carrier(key, options).join();
    expect(carrier(key, options).join()).toBe(base);
    const others = [
      carrier(key, { ...options, unit: 'image' }),
      carrier(key, { ...options, index: 11 }),
      carrier(key, { ...options, version: 0 }),
      carrier(key, { ...options, dimension: 9 }).subarray(0, 8),
      carrier(new MarkingKey(Buffer.alloc(32, 8)), options),
    ];
    expect(new Set([base, ...others.map((u) => u.join())]).size).toBe(6);
  });

  it.each([{ index: -1 }, { version: 0.5 }, { dimension: 1 }, { dimension: NaN }])('refuses %p', (wrong) => {
    const options = { unit: 'class', index: 1, version: 1, dimension: 8, ...wrong } as const;
    expect(() => carrier(key, options)).toThrow(InvalidArgumentError);
  });
});
