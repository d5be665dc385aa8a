import { expect, test } from '@jest/globals';
import { expectUniform, uniformity } from '../../test/expect-uniform.ts';
import { normalSample, seededRng } from '../../test/rng.ts';
import { log10ChiSquaredUpperTail } from './chi-squared.ts';
import { log10CosineUpperTail } from './cosine.ts';
import { log10NormalUpperTail } from './normal.ts';
import { log10StudentTUpperTail } from './student-t.ts';

const runs = 1000;
const rng = seededRng(41);
const normals = (n: number): number[] => Array.from({ length: n }, () => normalSample(rng));
const sumOfSquares = (values: readonly number[]): number => values.reduce((sum, x) => sum + x ** 2, 0);

/** Cosine of a random direction with a fixed one, here the first axis. */
function randomCosine(dimension: number): number {
  const direction = normals(dimension);
  return (direction[0] as number) / Math.sqrt(sumOfSquares(direction));
}

function simulate(draw: () => number): number[] {
  return Array.from({ length: runs }, draw);
}

test.each([2, 3, 16, 128])('cosines of random directions in %d dimensions have uniform p-values', (dimension) =>
  expectUniform(simulate(() => log10CosineUpperTail(randomCosine(dimension), dimension))),
);

test('not so if the dimension is wrong, or the direction leans', () => {
  expect(uniformity(simulate(() => log10CosineUpperTail(randomCosine(16), 32)))).toBeLessThan(-6);
  expect(uniformity(simulate(() => log10CosineUpperTail(Math.min(1, randomCosine(16) + 0.1), 16)))).toBeLessThan(-6);
});

test('normal, t and chi-squared variables have uniform p-values', () => {
  expectUniform(simulate(() => log10NormalUpperTail(normalSample(rng))));
  expectUniform(simulate(() => log10StudentTUpperTail(normalSample(rng) / Math.sqrt(sumOfSquares(normals(3)) / 3), 3)));
  expectUniform(simulate(() => log10ChiSquaredUpperTail(sumOfSquares(normals(4)), 4)));
});

test('t variables taken as normal have p-values that are too small', () => {
  const t = (): number => normalSample(rng) / Math.sqrt(sumOfSquares(normals(3)) / 3);
  expect(uniformity(simulate(() => log10NormalUpperTail(t())))).toBeLessThan(-3);
});
