import type { Rates } from './rates.ts';
import type { Work } from './work.ts';

/** What came of a stage on a worker. */
export interface Done {
  readonly work: Work;
  readonly worker: number;
  readonly startSeconds: number;
  readonly endSeconds: number;
  readonly fetchedBytes: number;
  readonly fetchedFiles: number;
}

/**
 * When workers that take one stage at a time, in the order in which stages become ready, would have done all of them.
 * A worker fetches what it needs and does not have, computes, and sends what it made.
 *
 * @param works - in an order in which they could run
 */
export function schedule(works: readonly Work[], workers: number, rates: Rates['transfer']): Done[] {
  const made = new Map(works.map((work) => [work.makes, work]));
  const doneAt = new Map<string, number>();
  const free = Array.from({ length: workers }, () => 0);
  const has = Array.from({ length: workers }, () => new Set<string>());
  const left = new Set(works);
  const all: Done[] = [];
  const readyAt = ({ needs }: Work): number => Math.max(0, ...needs.map((key) => doneAt.get(key) ?? Infinity));
  while (left.size > 0) {
    const work = [...left].reduce((a, b) => (readyAt(b) < readyAt(a) ? b : a));
    const worker = free.indexOf(Math.min(...free));
    const ours = has[worker] as Set<string>;
    const fetched = work.needs.filter((key) => !ours.has(key)).map((key) => made.get(key) as Work);
    const fetchedBytes = sum(fetched.map(({ bytes }) => bytes));
    const fetchedFiles = sum(fetched.map(({ files }) => files));
    const startSeconds = Math.max(readyAt(work), free[worker] as number);
    const endSeconds =
      startSeconds +
      fetchedBytes / rates.fetchBytesPerSecond +
      fetchedFiles * rates.fetchSecondsPerFile +
      work.seconds +
      work.bytes / rates.sendBytesPerSecond +
      work.files * rates.sendSecondsPerFile;
    for (const key of [...work.needs, work.makes]) ours.add(key);
    doneAt.set(work.makes, endSeconds);
    free[worker] = endSeconds;
    left.delete(work);
    all.push({ work, worker, startSeconds, endSeconds, fetchedBytes, fetchedFiles });
  }
  return all;
}

export function sum(numbers: readonly number[]): number {
  return numbers.reduce((a, b) => a + b, 0);
}
