import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

/**
 * The command as it was built, which `npm test` and `npx nx test cli` do first. From its sources it would work as well,
 * but they take a second or two to load, and so for each stage again.
 */
export const main = fileURLToPath(new URL('../bin/radiotracer.js', import.meta.url));

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command in a folder, to its end. */
export async function runCommand(folder: string, ...args: readonly string[]): Promise<Ended> {
  const child = spawn(process.execPath, [main, ...args], { cwd: folder });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  return { code, stdout, stderr };
}
