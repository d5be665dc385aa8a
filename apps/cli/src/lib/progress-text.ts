import type { Progress } from '@radiotracer/store';

import type { Pace } from './rate-meter.ts';

/** A duration for people: "8 s", "3 min 20 s", "2 h 05 min". */
export function durationText(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return whole % 60 === 0 || minutes >= 10 ? `${minutes} min` : `${minutes} min ${whole % 60} s`;
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`;
}

/** A count or a measure with as many digits as help: "12,500", "446", "1.42", "0.00031". */
export function numberText(value: number): string {
  if (Number.isInteger(value)) return value.toLocaleString('en-US');
  return Math.abs(value) >= 100 ? Math.round(value).toLocaleString('en-US') : String(Number(value.toPrecision(3)));
}

/** Speed, time left and details of a stage: "446 images/s, 12 min left, epoch 5, loss 1.42". */
export function paceText(progress: Progress, pace: Pace): string {
  const parts: string[] = [];
  if (pace.perSecond !== undefined)
    parts.push(`${numberText(Number(pace.perSecond.toPrecision(3)))} ${progress.unit}/s`);
  if (pace.secondsLeft !== undefined) parts.push(`${durationText(pace.secondsLeft)} left`);
  for (const [name, value] of Object.entries(progress.detail ?? {})) {
    parts.push(`${name} ${typeof value === 'number' ? numberText(value) : value}`);
  }
  return parts.join(', ');
}

/** Percent done, rounded down, so that 100% means done. */
export function percentOf(progress: Progress): number {
  return progress.total > 0 ? Math.floor((100 * Math.min(progress.done, progress.total)) / progress.total) : 0;
}

/** A whole line without a bar, for logs: "train the suspect: 42% of 600,000 images, 446 images/s, 12 min left". */
export function progressLine(title: string, progress: Progress, pace: Pace): string {
  const amount = `${percentOf(progress)}% of ${numberText(progress.total)} ${progress.unit}`;
  return [`${title}: ${amount}`, paceText(progress, pace)].filter(Boolean).join(', ');
}
