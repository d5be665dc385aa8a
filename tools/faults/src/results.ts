import { execFileSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { cpus, release, type } from 'node:os';
import { fileURLToPath } from 'node:url';
import { writeFileAtomic } from '@radiotracer/store';
import { faultsPage } from './faults-page.ts';
import type { Repeated } from './repeated-work.ts';
import type { Kill } from './run-with-kills.ts';

/** What computed, and when. */
export interface Machine {
  readonly date: string;
  readonly commit: string;
  readonly cpu: string;
  readonly cores: number;
  readonly os: string;
  readonly node: string;
}

export interface KillMatrix extends Machine {
  readonly seed: number;
  readonly undisturbed: { readonly seconds: number; readonly resultHash: string };
  readonly runs: {
    readonly kills: readonly Kill[];
    readonly outcomes: readonly (number | string)[];
    readonly seconds: number;
    readonly repeated: readonly Repeated[];
    readonly resultHash: string;
    readonly leftBehind: readonly string[];
  }[];
}

/** What was measured right after one experiment of the soak. */
export interface SoakSample {
  /** Whether its stages computed, or only waited and wrote a file. */
  readonly isReal: boolean;
  readonly seconds: number;
  /** Resident, of the process that holds the worker. */
  readonly workerMiB: number;
  /** Resident, of Temporal's development server. */
  readonly temporalMiB: number;
  readonly events: number;
  readonly historyBytes: number;
}

export interface Soak extends Machine {
  readonly samples: readonly SoakSample[];
  /** Undefined until it has come to its end. */
  readonly leftBehind: readonly string[] | undefined;
}

/** `docs/results/faults.json`: each program replaces its own part. */
export interface Results {
  readonly killMatrix?: KillMatrix;
  readonly soak?: Soak;
}

const folder = new URL('../../../docs/results/', import.meta.url);

/** Keeps a part of the results, and draws up the page anew from all parts. */
export async function saveResults(part: Results): Promise<void> {
  const file = fileURLToPath(new URL('faults.json', folder));
  const before = JSON.parse(await readFile(file, 'utf8').catch(() => '{}')) as Results;
  const results: Results = { ...before, ...part };
  await writeFileAtomic(file, `${JSON.stringify(results)}\n`);
  await writeFileAtomic(fileURLToPath(new URL('faults.md', folder)), faultsPage(results));
}

export function machine(): Machine {
  return {
    date: new Date().toISOString().slice(0, 10),
    commit: execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim(),
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    os: `${type()} ${release()}`,
    node: process.version,
  };
}
