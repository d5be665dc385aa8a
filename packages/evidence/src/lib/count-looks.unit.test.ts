import { expect, test } from '@jest/globals';
import { countLooks } from './count-looks.ts';

const plan = { test: 'a test', scoreVersion: 1, level: 1e-4, looks: 3 };
const look = (log10P: number) => ({ log10P });

test('planned looks count before they are taken', () => {
  expect(countLooks([look(-4.2)], plan)).toMatchObject({ tests: 3, isAsPlanned: true, looks: [{ isDetected: false }] });
  expect(countLooks([look(-4.2)], { ...plan, looks: 1 })).toMatchObject({ tests: 1, looks: [{ isDetected: true }] });
  expect(countLooks([], plan)).toEqual({ tests: 3, isAsPlanned: true, looks: [] });
});

test('a look beyond the plan counts for all, and is told', () => {
  const { tests, isAsPlanned, looks } = countLooks([-4.2, -0.1, -9, -1].map(look), { ...plan, looks: 1 });
  expect([tests, isAsPlanned]).toEqual([4, false]);
  expect(looks.map(({ isDetected }) => isDetected)).toEqual([false, false, true, false]);
  expect(looks[2]?.adjustedLog10P).toBeCloseTo(-9 + Math.log10(4), 12);
});

test('a second look at one suspect is a second test', () => {
  const [first, second] = countLooks([-4.1, -4.1].map(look), { ...plan, looks: 1 }).looks;
  expect([first?.isDetected, second?.isDetected]).toEqual([false, false]);
});

test('a p-value that equals the level reaches it', () => {
  expect(countLooks([look(Math.log10(1e-4))], { ...plan, looks: 1 }).looks[0]?.isDetected).toBe(true);
});
