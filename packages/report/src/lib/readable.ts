import type { RunRecord } from '@radiotracer/store';
import { html, type Html } from './html.ts';

/** A p-value from its log10, however small: 0.43, 0.0032, 10⁻⁶·². */
export function readableP(log10P: number | null): Html {
  if (log10P === null) return html`–`;
  if (log10P > -3) return html`${Number((10 ** log10P).toPrecision(2))}`;
  return html`10<sup>${log10P.toFixed(1).replace('-', '−')}</sup>`;
}

/** A share as a percentage: 0.7312 is 73.1 %. */
export function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

/** 0.4 s, 12 s, 3 min 20 s, 1 h 5 min. */
export function duration(seconds: number): string {
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  return minutes < 60 ? `${minutes} min ${whole % 60} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** The machines that runs were on, each once: "2 cores of Xeon, linux 6.8, node v22.12.0; …". */
export function machinesText(runs: readonly RunRecord[]): string {
  const texts = runs.map(({ machine: { cores, cpu, os, node } }) => `${cores} cores of ${cpu}, ${os}, node ${node}`);
  return [...new Set(texts)].join('; ');
}
