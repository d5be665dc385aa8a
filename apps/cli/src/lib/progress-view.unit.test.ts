import { expect, test } from '@jest/globals';
import { PassThrough } from 'node:stream';

import { progressView, type StageState } from './progress-view.ts';

function plainView(quiet = false) {
  const stream = new PassThrough();
  const clock = { nowMs: 0 };
  const view = progressView({ quiet, stream: stream as unknown as NodeJS.WriteStream, clock: () => clock.nowMs });
  return { view, clock, written: () => String(stream.read() ?? '') };
}

const training = (done: number): StageState[] => [
  { title: 'ingest', state: 'done' },
  { title: 'train', state: 'running', progress: { done, total: 1000, unit: 'images' } },
  { title: 'mark', state: 'waiting' },
];

test('without a terminal: a line when a stage begins or ends, and one every 12 seconds', () => {
  const { view, clock, written } = plainView();
  view.update(training(0));
  expect(written()).toBe('ingest: done\ntrain: 0% of 1,000 images\n');
  for (clock.nowMs = 1000; clock.nowMs < 12_000; clock.nowMs += 1000) view.update(training(clock.nowMs / 100));
  expect(written()).toBe('');
  view.update(training(120));
  expect(written()).toBe('train: 12% of 1,000 images, 10 images/s, 1 min 28 s left\n');
  view.update([
    { title: 'train', state: 'done' },
    { title: 'mark', state: 'running' },
  ]);
  expect(written()).toBe('train: done\nmark: started\n');
});

test('quiet: nothing', () => {
  const { view, written } = plainView(true);
  view.update(training(10));
  view.note('hello');
  expect(written()).toBe('');
});
