import { spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Artifact } from '../src/index.ts';

const script = fileURLToPath(new URL('run-slow-stage.ts', import.meta.url));

/** A process that runs the stage of `run-slow-stage.ts`. */
export interface SlowStage {
  readonly child: ChildProcess;
  /** Its artefact; rejects with what it printed if it fails or is killed. */
  readonly exited: Promise<Artifact>;
  /** Resolves once it has counted to n. */
  counted(n: number): Promise<void>;
}

export function startSlowStage(store: string, log: string, restMs: number, cache: string): SlowStage {
  const flags = ['--conditions=@radiotracer/source', '--import', 'tsx'];
  const child = spawn(process.execPath, [...flags, script, store, log, String(restMs), cache], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  let printed = '';
  child.stdout.on('data', (data) => (output += data));
  child.stderr.on('data', (data) => (printed += data));
  const exited = new Promise<Artifact>((resolve, reject) =>
    child.on('close', (code) => (code === 0 ? resolve(JSON.parse(output)) : reject(new Error(printed)))),
  );
  exited.catch(() => undefined);
  const counted = (n: number): Promise<void> =>
    new Promise((resolve) => {
      const look = (): void => (printed.split('\n').includes(String(n)) ? resolve() : undefined);
      child.stderr.on('data', look);
      look();
    });
  return { child, exited, counted };
}
