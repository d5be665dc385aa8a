import { PassThrough } from 'node:stream';
import { setTimeout } from 'node:timers/promises';
import { stripVTControlCharacters } from 'node:util';
import { expect, test } from '@jest/globals';
import type { StepProgress } from '@radiotracer/workflows';
import { progressView } from './progress-view.ts';

function view(options: { quiet?: boolean; isTTY?: boolean } = {}) {
  const stream = Object.assign(new PassThrough(), { isTTY: options.isTTY ?? false, columns: 120 });
  const clock = { nowMs: 0 };
  const shown = progressView({
    quiet: options.quiet ?? false,
    stream: stream as unknown as NodeJS.WriteStream,
    clock: () => clock.nowMs,
  });
  return { view: shown, clock, written: () => String(stream.read() ?? '') };
}

const finished = { startedAt: '2026-01-01T10:00:00Z', finishedAt: '2026-01-01T10:00:05Z' };
const steps = (done: number): StepProgress[] => [
  { name: 'ingest-train', stage: 'ingest', state: 'done', ...finished },
  {
    name: 'train',
    stage: 'trainNetwork',
    state: 'running',
    progress: { done, total: 1000, unit: 'images', ratePerSecond: 10, secondsLeft: (1000 - done) / 10 },
  },
  { name: 'mark', stage: 'markImages', state: 'waiting' },
];

test('without a terminal: a line when a step begins or ends, and one every 12 seconds', () => {
  const { view: lines, clock, written } = view();
  lines.update(steps(0));
  expect(written()).toBe('ingest train: done, 5 s\ntrain: 0% of 1,000 images, 10 images/s, 1 min 40 s left\n');
  for (clock.nowMs = 1000; clock.nowMs < 12_000; clock.nowMs += 1000) lines.update(steps(clock.nowMs / 100));
  expect(written()).toBe('');
  lines.update(steps(120));
  expect(written()).toBe('train: 12% of 1,000 images, 10 images/s, 1 min 28 s left\n');
  lines.update([{ name: 'mark', stage: 'markImages', state: 'running' }]);
  expect(written()).toBe('mark: running\n');
});

test('on a terminal: one line per step, with a bar for the one that runs', () => {
  const { view: bars, written } = view({ isTTY: true });
  bars.update(steps(250));
  bars.stop();
  const text = stripVTControlCharacters(written()); // colours, which some environments ask for
  expect(text).toContain('ingest train  5 s');
  expect(text).toContain('train         ━━━━━━──────────────────  25%  10 images/s, 1 min 15 s left');
  expect(text).toMatch(/\n.*mark/);
});

test('on a terminal: a step of a child that has ended has no line any more', () => {
  const { view: bars, written } = view({ isTTY: true });
  bars.update(steps(250));
  bars.update(steps(300).slice(1));
  written();
  bars.update(steps(500).slice(1));
  bars.stop();
  expect(stripVTControlCharacters(written())).not.toContain('ingest train');
});

test('on a terminal: a note after the end is a plain line, and nothing is drawn any more', async () => {
  const { view: bars, written } = view({ isTTY: true });
  bars.update(steps(250));
  bars.stop();
  written();
  bars.note('The verdict is above.');
  await setTimeout(150); // bars are drawn ten times a second
  bars.stop();
  expect(written()).toBe('The verdict is above.\n');
});

test('quiet: nothing', () => {
  const { view: quiet, written } = view({ quiet: true });
  quiet.update(steps(10));
  quiet.note('hello');
  expect(written()).toBe('');
});
