import { MultiBar, type SingleBar } from 'cli-progress';
import pc from 'picocolors';

import type { Progress } from '@radiotracer/store';

import { paceText, percentOf, progressLine } from './progress-text.ts';
import { RateMeter } from './rate-meter.ts';

/** How one stage of a run stands. */
export interface StageState {
  /** What people read, such as "train the suspect"; unique in a run. */
  readonly title: string;
  readonly state: 'waiting' | 'running' | 'done';
  readonly progress?: Progress;
}

/** Shows a run's stages while it goes on; on stderr, so that stdout stays for results. */
export interface ProgressView {
  update(stages: readonly StageState[]): void;
  /** A line above the bars, once they are there. */
  note(line: string): void;
  stop(): void;
}

/**
 * The view that fits: bars on a terminal, plain lines elsewhere, nothing but notes when quiet.
 *
 * @param clock - milliseconds on a steady clock
 */
export function progressView(options: {
  quiet: boolean;
  stream?: NodeJS.WriteStream;
  clock?: () => number;
}): ProgressView {
  const { quiet, stream = process.stderr, clock = () => performance.now() } = options;
  if (quiet) return new QuietView();
  return stream.isTTY ? new BarView(stream, clock) : new LineView(stream, clock);
}

class QuietView implements ProgressView {
  update(): void {}
  note(): void {}
  stop(): void {}
}

const lineEveryMs = 12_000;

/** A line when a stage begins or ends, and every 12 seconds between. */
class LineView implements ProgressView {
  readonly #meters = new Map<string, RateMeter>();
  readonly #states = new Map<string, StageState['state']>();
  #lastLineMs = -Infinity;

  constructor(
    readonly stream: NodeJS.WritableStream,
    readonly clock: () => number,
  ) {}

  update(stages: readonly StageState[]): void {
    const nowMs = this.clock();
    const isDue = nowMs - this.#lastLineMs >= lineEveryMs;
    for (const { title, state, progress } of stages) {
      const hasChanged = this.#states.get(title) !== state;
      this.#states.set(title, state);
      if (state === 'done' && hasChanged) this.note(`${title}: done`);
      if (state !== 'running') continue;
      if (progress === undefined) {
        if (hasChanged) this.note(`${title}: started`);
        continue;
      }
      const pace = meterOf(this.#meters, title).observe(progress, nowMs);
      if (!isDue && !hasChanged) continue;
      this.note(progressLine(title, progress, pace));
      this.#lastLineMs = nowMs;
    }
  }

  note(line: string): void {
    this.stream.write(`${line}\n`);
  }

  stop(): void {}
}

const barWidth = 24;

/** One line per stage, redrawn in place. */
class BarView implements ProgressView {
  readonly #meters = new Map<string, RateMeter>();
  readonly #bars = new Map<string, SingleBar>();
  readonly #multibar: MultiBar;

  constructor(
    stream: NodeJS.WriteStream,
    readonly clock: () => number,
  ) {
    const format = (_options: unknown, _params: unknown, payload: { line: string }): string => payload.line;
    // Ctrl-C is the run's business: it says how to go on, after the bars.
    this.#multibar = new MultiBar({ stream, format, hideCursor: true, gracefulExit: false });
  }

  update(stages: readonly StageState[]): void {
    const titleWidth = Math.max(0, ...stages.map(({ title }) => title.length));
    for (const stage of stages) {
      const payload = { line: this.#line(stage, titleWidth) };
      const bar = this.#bars.get(stage.title);
      if (bar) bar.update(payload);
      else this.#bars.set(stage.title, this.#multibar.create(1, 0, payload));
    }
  }

  #line({ title, state, progress }: StageState, titleWidth: number): string {
    const name = title.padEnd(titleWidth);
    if (state === 'waiting') return pc.dim(`  ${name}`);
    if (state === 'done') return `${pc.green('✓')} ${name}`;
    if (progress === undefined) return `${pc.cyan('›')} ${name}`;
    const pace = meterOf(this.#meters, title).observe(progress, this.clock());
    const percent = percentOf(progress);
    const filled = Math.floor((barWidth * percent) / 100);
    const bar = pc.cyan('━'.repeat(filled)) + pc.dim('─'.repeat(barWidth - filled));
    return `${pc.cyan('›')} ${name}  ${bar} ${String(percent).padStart(3)}%  ${paceText(progress, pace)}`;
  }

  note(line: string): void {
    this.#multibar.log(`${line}\n`);
    this.#multibar.update();
  }

  stop(): void {
    this.#multibar.stop();
  }
}

function meterOf(meters: Map<string, RateMeter>, title: string): RateMeter {
  const meter = meters.get(title) ?? new RateMeter();
  meters.set(title, meter);
  return meter;
}
