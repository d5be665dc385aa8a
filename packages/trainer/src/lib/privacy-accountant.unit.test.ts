import { readFileSync } from 'node:fs';

import { describe, expect, it } from '@jest/globals';

import { epsilonOf, type SampledGaussian } from './privacy-accountant.ts';

interface Case extends SampledGaussian {
  readonly delta: number;
  /** By Rényi divergences of the same orders. */
  readonly epsilon: number;
  /** By Rényi divergences of fractional orders too. */
  readonly epsilonAllOrders: number;
  /** By the distribution of privacy losses: nearly the least that there is. */
  readonly epsilonTight: number;
}

// Computed by generate-privacy.py beside it, with Google's dp-accounting.
const { cases } = JSON.parse(readFileSync(new URL('../../test/fixtures/privacy.json', import.meta.url), 'utf8')) as {
  cases: Case[];
};

/** Of ε, beside what 1e-15 of the divergence of a step becomes after all steps. */
const TOLERANCE = 1e-11;

describe('epsilonOf', () => {
  it.each(cases)(
    'is dp-accounting’s for σ = $noiseMultiplier, q = $samplingRate, $steps steps, δ = $delta',
    ({ delta, epsilon, epsilonAllOrders, epsilonTight, ...mechanism }) => {
      const found = epsilonOf(mechanism, delta);
      expect(Math.abs(found - epsilon)).toBeLessThan(TOLERANCE * epsilon + 1e-14 * mechanism.steps);
      expect(found).toBeGreaterThan(epsilonTight); // never promises more privacy than there is
      expect(found).toBeGreaterThan((1 - 1e-9) * epsilonAllOrders);
    },
  );

  it('is as much as the Gaussian mechanism gives where each step sees all records', () => {
    const [sigma, delta] = [5, 1e-6];
    const mechanism = { noiseMultiplier: sigma, samplingRate: 1, steps: 1 };
    const nearlyAll = { ...mechanism, samplingRate: 1 - 1e-9 };
    expect(epsilonOf(nearlyAll, delta)).toBeCloseTo(epsilonOf(mechanism, delta), 6);
  });

  it('falls with more noise, smaller batches, fewer steps and a larger δ', () => {
    const mechanism = { noiseMultiplier: 1, samplingRate: 0.01, steps: 1000 };
    const epsilon = epsilonOf(mechanism, 1e-5);
    expect(epsilonOf({ ...mechanism, noiseMultiplier: 1.1 }, 1e-5)).toBeLessThan(epsilon);
    expect(epsilonOf({ ...mechanism, samplingRate: 0.009 }, 1e-5)).toBeLessThan(epsilon);
    expect(epsilonOf({ ...mechanism, steps: 900 }, 1e-5)).toBeLessThan(epsilon);
    expect(epsilonOf(mechanism, 1e-4)).toBeLessThan(epsilon);
  });

  it('is 0 where the noise is so large that nothing can be told, and finite where there is nearly none', () => {
    expect(epsilonOf({ noiseMultiplier: 1e6, samplingRate: 0.01, steps: 1 }, 0.5)).toBe(0);
    const little = epsilonOf({ noiseMultiplier: 1e-3, samplingRate: 0.5, steps: 1000 }, 1e-5);
    expect(Number.isFinite(little) && little > 1e8).toBe(true);
  });
});
