import { condition, setHandler } from '@temporalio/workflow';
import { pauseSignal, resumeSignal } from './progress.ts';

/** Something that runs and is told of pauses. */
export interface Pausable {
  pause(): void;
  /** Left out where it waits for the end of the pause by itself. */
  resume?(): void;
}

/** Whether a workflow run is paused. One for each run, as it handles the signals. */
export class Pause {
  #isOn = false;
  readonly #running = new Set<Pausable>();

  constructor() {
    setHandler(pauseSignal, () => {
      this.#isOn = true;
      for (const running of this.#running) running.pause();
    });
    setHandler(resumeSignal, () => {
      this.#isOn = false;
      for (const running of this.#running) running.resume?.();
    });
  }

  get isOn(): boolean {
    return this.#isOn;
  }

  /** Resolves when the run is not paused. */
  isOver(): Promise<void> {
    return condition(() => !this.#isOn);
  }

  /** Tells of pauses, of the present one at once, until `delete`. */
  add(running: Pausable): void {
    this.#running.add(running);
    if (this.#isOn) running.pause();
  }

  delete(running: Pausable): void {
    this.#running.delete(running);
  }
}
