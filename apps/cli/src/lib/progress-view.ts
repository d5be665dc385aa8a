import { MultiBar, type SingleBar } from 'cli-progress';
import pc from 'picocolors';
import type { StepProgress } from '@radiotracer/workflows';
import { outcomeText, paceText, percentOf, progressLine, standsStill, titleOf } from './progress-text.ts';

/** Shows a run's steps while it goes on; on stderr, so that stdout stays for results. */
export interface ProgressView {
  update(steps: readonly StepProgress[]): void;
  /** A line above the bars, once they are there. */
  note(line: string): void;
  stop(): void;
}

export interface ProgressViewOptions {
  readonly quiet?: boolean;
  readonly stream?: NodeJS.WriteStream;
  /** Milliseconds on a steady clock. */
  readonly clock?: () => number;
}

/** The view that fits: bars on a terminal, plain lines elsewhere, nothing when quiet. */
export function progressView({
  quiet,
  stream = process.stderr,
  clock = () => performance.now(),
}: ProgressViewOptions): ProgressView {
  if (quiet) return { update: () => undefined, note: () => undefined, stop: () => undefined };
  return stream.isTTY ? new BarView(stream) : new LineView(stream, clock);
}

const lineEveryMs = 12_000;

/** A line when a step begins or ends, and every 12 seconds between. */
class LineView implements ProgressView {
  readonly #states = new Map<string, StepProgress['state']>();
  #lastLineMs = -Infinity;

  constructor(
    readonly stream: NodeJS.WritableStream,
    readonly clock: () => number,
  ) {}

  update(steps: readonly StepProgress[]): void {
    const nowMs = this.clock();
    const isDue = nowMs - this.#lastLineMs >= lineEveryMs;
    for (const step of steps) {
      const hasChanged = this.#states.get(step.name) !== step.state;
      this.#states.set(step.name, step.state);
      if (step.state === 'done' && hasChanged) this.note(`${titleOf(step)}: done, ${outcomeText(step)}`);
      if (step.state !== 'running' || !(hasChanged || (isDue && (step.progress || standsStill(step))))) continue;
      this.note(progressLine(step));
      this.#lastLineMs = nowMs;
    }
  }

  note(line: string): void {
    this.stream.write(`${line}\n`);
  }

  stop(): void {}
}

const barWidth = 24;

/** One line per step, redrawn in place. */
class BarView implements ProgressView {
  readonly #bars = new Map<string, SingleBar>();
  readonly #multibar: MultiBar;

  constructor(readonly stream: NodeJS.WriteStream) {
    const format = (_options: unknown, _params: unknown, payload: { line: string }): string => payload.line;
    // Ctrl-C is for whoever runs the workflow: it stops this view, then says how to go on.
    this.#multibar = new MultiBar({ stream, format, hideCursor: true, gracefulExit: false });
  }

  update(steps: readonly StepProgress[]): void {
    const titleWidth = Math.max(0, ...steps.map((step) => titleOf(step).length));
    for (const step of steps) {
      const payload = { line: barLine(step, titleWidth) };
      const bar = this.#bars.get(step.name);
      if (bar) bar.update(payload);
      else this.#bars.set(step.name, this.#multibar.create(1, 0, payload));
    }
    const shown = new Set(steps.map(({ name }) => name));
    for (const [name, bar] of this.#bars) {
      if (shown.has(name)) continue; // of a child that has ended
      this.#multibar.remove(bar);
      this.#bars.delete(name);
    }
  }

  note(line: string): void {
    if (this.#bars.size === 0) {
      this.stream.write(`${line}\n`);
      return;
    }
    this.#multibar.log(`${line}\n`);
    this.#multibar.update();
  }

  stop(): void {
    if (this.#bars.size > 0) this.#multibar.stop();
    this.#bars.clear(); // a later note is no longer above the bars; drawing them again would start their timer anew
  }
}

function barLine(step: StepProgress, titleWidth: number): string {
  const title = titleOf(step).padEnd(titleWidth);
  if (step.state === 'done') return `${pc.green('✓')} ${title}  ${pc.dim(outcomeText(step))}`;
  if (step.state === 'waiting') return `  ${pc.dim(title)}  ${paceText(step)}`;
  const percent = step.progress ? percentOf(step.progress) : 0;
  const filled = Math.floor((barWidth * percent) / 100);
  const bar = pc.cyan('━'.repeat(filled)) + pc.dim('─'.repeat(barWidth - filled));
  return `${pc.cyan('›')} ${title}  ${bar} ${String(percent).padStart(3)}%  ${paceText(step)}`;
}
