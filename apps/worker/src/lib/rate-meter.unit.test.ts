import { RateMeter } from './rate-meter.ts';

function meter(): {
  at(seconds: number, done: number, total?: number, unit?: string): ReturnType<RateMeter['measure']>;
} {
  let nowMs = 0;
  const rate = new RateMeter(() => nowMs);
  return {
    at(seconds, done, total = 100, unit = 'steps') {
      nowMs = seconds * 1000;
      return rate.measure({ done, total, unit });
    },
  };
}

test('gives rate and time left, of what was done since the first report', () => {
  const { at } = meter();
  expect(at(0, 40)).toEqual({ done: 40, total: 100, unit: 'steps', ratePerSecond: 0 });
  expect(at(10, 60)).toEqual({ done: 60, total: 100, unit: 'steps', ratePerSecond: 2, secondsLeft: 20 });
  expect(at(30, 100)).toMatchObject({ ratePerSecond: 2, secondsLeft: 0 });
});

test('begins anew when the stage counts something else, or starts over', () => {
  const { at } = meter();
  at(0, 0);
  at(10, 100);
  expect(at(20, 5, 50, 'images')).toEqual({ done: 5, total: 50, unit: 'images', ratePerSecond: 0 });
  expect(at(21, 10, 50, 'images')).toMatchObject({ ratePerSecond: 5, secondsLeft: 8 });
  expect(at(22, 0, 50, 'images')).toMatchObject({ ratePerSecond: 0 });
});

test('tells no rate while nothing is done', () => {
  const { at } = meter();
  at(0, 0);
  expect(at(5, 0)).toEqual({ done: 0, total: 100, unit: 'steps', ratePerSecond: 0 });
});
