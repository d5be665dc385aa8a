import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));
const flags = ['--conditions=@radiotracer/source', '--import', import.meta.resolve('tsx')];

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command from its sources in a folder, to its end. */
export async function runCommand(folder: string, ...args: readonly string[]): Promise<Ended> {
  return run(folder, [...flags, main, ...args]);
}

/**
 * The same as it was built, which `npm test` does first: for runs of so many stages that it would take minutes to load
 * the sources for each.
 */
export async function runBuiltCommand(folder: string, ...args: readonly string[]): Promise<Ended> {
  return run(folder, [fileURLToPath(new URL('../bin/radiotracer.js', import.meta.url)), ...args]);
}

async function run(folder: string, args: readonly string[]): Promise<Ended> {
  const child = spawn(process.execPath, args, { cwd: folder });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  return { code, stdout, stderr };
}
