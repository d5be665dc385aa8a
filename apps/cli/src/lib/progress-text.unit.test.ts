import { describe, expect, test } from '@jest/globals';

import { durationText, numberText, percentOf, progressLine } from './progress-text.ts';
import { RateMeter } from './rate-meter.ts';

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
  expect(percentOf({ done: 599_999, total: 600_000, unit: 'images' })).toBe(99);
  expect(percentOf({ done: 0, total: 0, unit: 'images' })).toBe(0);
});

test('a line tells amount, speed, time left and details', () => {
  const progress = { done: 252_000, total: 600_000, unit: 'images', detail: { epoch: 5, loss: 1.4213 } };
  expect(progressLine('train the suspect', progress, { perSecond: 446.2, secondsLeft: 780 })).toBe(
    'train the suspect: 42% of 600,000 images, 446 images/s, 13 min left, epoch 5, loss 1.42',
  );
  expect(progressLine('publish', { done: 0, total: 4, unit: 'files' }, {})).toBe('publish: 0% of 4 files');
});

describe('RateMeter', () => {
  const at = (done: number) => ({ done, total: 1000, unit: 'images' });

  test('knows nothing at first, then speed and time left', () => {
    const meter = new RateMeter();
    expect(meter.observe(at(0), 0)).toEqual({});
    expect(meter.observe(at(100), 1000)).toEqual({ perSecond: 100, secondsLeft: 9 });
  });

  test('does not count what was done before a run was taken up again', () => {
    const meter = new RateMeter();
    meter.observe(at(500), 0);
    expect(meter.observe(at(600), 2000)).toEqual({ perSecond: 50, secondsLeft: 8 });
  });

  test('forgets what is older than a minute', () => {
    const meter = new RateMeter();
    for (let second = 0; second <= 100; second++) meter.observe(at(second), 1000 * second);
    for (let second = 101; second <= 180; second++) meter.observe(at(100 + 5 * (second - 100)), 1000 * second);
    expect(meter.observe(at(505), 181_000).perSecond).toBeCloseTo(5, 1);
  });

  test('slows down while nothing comes', () => {
    const meter = new RateMeter();
    meter.observe(at(0), 0);
    meter.observe(at(100), 1000);
    expect(meter.observe(at(100), 10_000).perSecond).toBe(10);
  });

  test('begins again when a stage is run afresh', () => {
    const meter = new RateMeter();
    meter.observe(at(0), 0);
    meter.observe(at(800), 1000);
    expect(meter.observe(at(10), 2000)).toEqual({});
    expect(meter.observe(at(20), 3000).perSecond).toBe(10);
  });
});
