import { expect, test } from '@jest/globals';
import { durationText, numberText, outcomeText, percentOf, progressLine } from './progress-text.ts';

test.each([
  [0.2, '0 s'],
  [59.4, '59 s'],
  [60, '1 min'],
  [200, '3 min 20 s'],
  [725, '12 min'],
  [7500, '2 h 05 min'],
])('%d seconds read "%s"', (seconds, text) => {
  expect(durationText(seconds)).toBe(text);
});

test.each([
  [12500, '12,500'],
  [446.3, '446'],
  [1.4213, '1.42'],
  [0.000312, '0.000312'],
])('the number %d reads "%s"', (value, text) => {
  expect(numberText(value)).toBe(text);
});

test('99.99% is not yet 100%', () => {
  expect(percentOf({ done: 599_999, total: 600_000 })).toBe(99);
  expect(percentOf({ done: 0, total: 0 })).toBe(0);
});

const step = { name: 'train-suspect', stage: 'trainNetwork', state: 'running' } as const;

test('a line tells amount, speed, time left and details', () => {
  const detail = { epoch: 5, loss: 1.4213 };
  const progress = { done: 252_000, total: 600_000, unit: 'images', ratePerSecond: 446.2, secondsLeft: 780, detail };
  expect(progressLine({ ...step, progress })).toBe(
    'train suspect: 42% of 600,000 images, 446 images/s, 13 min left, epoch 5, loss 1.42',
  );
});

test('a line without a rate says only how far', () => {
  expect(progressLine({ ...step, progress: { done: 0, total: 4, unit: 'files', ratePerSecond: 0 } })).toBe(
    'train suspect: 0% of 4 files',
  );
  expect(progressLine(step)).toBe('train suspect: running');
});

test('a step that has told nothing for five minutes says so, before any progress and after', () => {
  expect(progressLine({ ...step, secondsSinceProgress: 299 })).toBe('train suspect: running');
  expect(progressLine({ ...step, secondsSinceProgress: 725 })).toBe('train suspect: running, no progress for 12 min');
  const progress = { done: 1, total: 4, unit: 'files', ratePerSecond: 2, secondsLeft: 1.5 };
  expect(progressLine({ ...step, progress, secondsSinceProgress: 300 })).toBe(
    'train suspect: 25% of 4 files, no progress for 5 min',
  );
});

test('a second attempt says why the first one failed', () => {
  expect(progressLine({ ...step, attempt: 2, lastFailure: 'the process was killed' })).toBe(
    'train suspect: running, attempt 2 after "the process was killed"',
  );
});

test('a finished training tells its accuracy and how long it took', () => {
  const artifact = { stage: 'trainNetwork', key: 'k', sha256: 's', facts: { testAccuracy: 0.7123 } };
  const times = { startedAt: '2026-01-01T10:00:00Z', finishedAt: '2026-01-01T10:25:10Z' };
  expect(outcomeText({ ...step, state: 'done', artifact, ...times })).toBe('test accuracy 71.2%, 25 min');
});

test('a last layer that was trained with privacy tells how much', () => {
  const facts = { testAccuracy: 0.7123, privacy: { epsilon: 2.7952, delta: 1e-5 } };
  const artifact = { stage: 'trainLastLayer', key: 'k', sha256: 's', facts };
  expect(outcomeText({ ...step, stage: 'trainLastLayer', state: 'done', artifact })).toBe('test accuracy 71.2%, ε 2.8');
});
