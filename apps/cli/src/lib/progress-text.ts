import type { ChosenFacts, VersionsFacts } from '@radiotracer/marker';
import type { NetworkFacts } from '@radiotracer/trainer';
import { standstillSeconds, type RunningProgress, type StepProgress } from '@radiotracer/workflows';

/** A duration for people: "8 s", "3 min 20 s", "2 h 05 min". */
export function durationText(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return whole % 60 === 0 || minutes >= 10 ? `${minutes} min` : `${minutes} min ${whole % 60} s`;
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`;
}

/** A number with as many digits as help: "12,500", "446", "1.42", "0.00031". */
export function numberText(value: number): string {
  if (Number.isInteger(value)) return value.toLocaleString('en-US');
  return Math.abs(value) >= 100 ? Math.round(value).toLocaleString('en-US') : String(Number(value.toPrecision(3)));
}

/** What people call a step: "train-suspect" reads "train suspect". */
export function titleOf(step: StepProgress): string {
  return step.name.replaceAll('-', ' ');
}

/** Percent done, rounded down, so that 100% means done. */
export function percentOf({ done, total }: Pick<RunningProgress, 'done' | 'total'>): number {
  return total > 0 ? Math.floor((100 * Math.min(done, total)) / total) : 0;
}

/** Whether a running step has made no progress for so long that people should know. */
export function standsStill({ secondsSinceProgress = 0 }: StepProgress): boolean {
  return secondsSinceProgress >= standstillSeconds;
}

/** Speed, time left and details of a running step: "446 images/s, 12 min left, epoch 5, loss 1.42". */
export function paceText(step: StepProgress): string {
  const { progress, secondsSinceProgress = 0, parts: inParts, attempt = 1, lastFailure } = step;
  const parts: string[] = [];
  if (inParts) parts.push(`${inParts.done} of ${inParts.total} parts done`);
  const isStill = standsStill(step);
  if (isStill) parts.push(`no progress for ${durationText(secondsSinceProgress)}`); // so speed and time left mean nothing
  if (progress) {
    const { ratePerSecond, secondsLeft, unit, detail = {} } = progress;
    if (!isStill && ratePerSecond > 0) parts.push(`${numberText(Number(ratePerSecond.toPrecision(3)))} ${unit}/s`);
    if (!isStill && secondsLeft !== undefined) parts.push(`${durationText(secondsLeft)} left`);
    for (const [name, value] of Object.entries(detail)) {
      parts.push(`${name} ${typeof value === 'number' ? numberText(value) : value}`);
    }
  }
  if (attempt > 1) parts.push(`attempt ${attempt}${lastFailure ? ` after "${lastFailure}"` : ''}`);
  return parts.join(', ');
}

const networkStages: ReadonlySet<string> = new Set(['trainNetwork', 'trainLastLayer', 'importNetwork', 'askOnnx']);

/** What a finished step found, and how long it took; a step that took no time was in the store already. */
export function outcomeText({ stage, startedAt, finishedAt, artifact, parts }: StepProgress): string {
  const found: string[] = [];
  if (artifact && networkStages.has(stage)) {
    const { testAccuracy, privacy } = artifact.facts as Pick<NetworkFacts, 'testAccuracy' | 'privacy'>;
    found.push(`test accuracy ${percentText(testAccuracy)}`);
    if (privacy) found.push(`ε ${numberText(privacy.epsilon)}`);
  }
  if (parts) found.push(`${parts.total} parts`);
  if (stage === 'chooseImages' && artifact) {
    found.push(`${numberText((artifact.facts as ChosenFacts).marked)} images`);
  }
  if (stage === 'joinVersions' && artifact) {
    const { marked, versions, medianPsnrDb } = artifact.facts as VersionsFacts;
    found.push(`${numberText(marked)} images, ${versions} versions each, ${medianPsnrDb.toFixed(1)} dB`);
  }
  if (startedAt && finishedAt) found.push(durationText((Date.parse(finishedAt) - Date.parse(startedAt)) / 1000));
  return found.join(', ');
}

/** A share as percent: 0.7123 reads "71.2%". */
export function percentText(share: number): string {
  return `${(100 * share).toFixed(1)}%`;
}

/** A whole line without a bar, for logs: "train suspect: 42% of 600,000 images, 446 images/s, 12 min left". */
export function progressLine(step: StepProgress): string {
  const { progress } = step;
  const amount = progress ? `${percentOf(progress)}% of ${numberText(progress.total)} ${progress.unit}` : step.state;
  return [`${titleOf(step)}: ${amount}`, paceText(step)].filter(Boolean).join(', ');
}
