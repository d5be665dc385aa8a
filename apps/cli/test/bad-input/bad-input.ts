import { execFileSync, spawn } from 'node:child_process';
import { cp, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { text } from 'node:stream/consumers';

/** One input that is wrong, and what is expected of the command. */
export interface BadInput {
  readonly title: string;
  /** Exit code, which tells the cause. */
  readonly code: 2 | 3 | 4 | 5 | 6;
  readonly args: readonly string[];
  /** What the message says: where, what was found, what would be valid. */
  readonly says: readonly string[];
  /** Makes the input, in a folder that holds the world (see `makeWorld`) already. */
  readonly given?: (folder: string) => unknown;
  readonly env?: Readonly<Record<string, string>>;
  /** Lines of the message, where it is one for each wrong field. */
  readonly lines?: number;
  /** Whether it must run as a user who may not read everything. */
  readonly unprivileged?: true;
}

/** What came of it. */
export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly seconds: number;
  /** Names and sizes of all files of the folder, before and after. */
  readonly before: readonly string[];
  readonly after: readonly string[];
}

/** Of `nobody`; root may read everything. */
const nobody = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
/** A command that is not done by then is ended: it took the input for good. */
const limitMs = 30_000;

/** Runs the command that is built in `main` in a folder of its own, which is a copy of the world. */
export async function tryBadInput(
  main: string,
  world: string,
  { args, given, env, unprivileged }: Pick<BadInput, 'args' | 'given' | 'env' | 'unprivileged'>,
): Promise<Outcome> {
  const folder = await mkdtemp(join(tmpdir(), 'radiotracer-bad-'));
  try {
    await cp(world, folder, { recursive: true });
    await given?.(folder);
    if (unprivileged && nobody.uid) execFileSync('chown', ['-R', '--no-dereference', `${nobody.uid}`, folder]);
    const before = await listing(folder);
    const startMs = performance.now();
    const child = spawn(process.execPath, [main, ...args], {
      cwd: folder,
      // No Temporal server starts, should a command get so far as to want one.
      env: { ...process.env, NO_COLOR: '1', RADIOTRACER_TEMPORAL_BIN: '/bin/false', ...env },
      timeout: limitMs,
      ...(unprivileged && nobody),
    });
    const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
    const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
    const seconds = (performance.now() - startMs) / 1000;
    return { code, stdout, stderr, seconds, before, after: await listing(folder) };
  } finally {
    execFileSync('chmod', ['-R', 'u+rwX', folder]);
    await rm(folder, { recursive: true });
  }
}

/** Whether the command can be run by a user who may not read everything. */
export function canRunUnprivileged(main: string): boolean {
  try {
    execFileSync(process.execPath, ['-e', 'fs.accessSync(process.argv[1], fs.constants.R_OK)', main], {
      stdio: 'ignore',
      ...nobody,
    });
    return true;
  } catch {
    return false;
  }
}

async function listing(folder: string): Promise<string[]> {
  const names: string[] = [];
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])) {
    const path = join(entry.parentPath, entry.name);
    const size = entry.isFile() ? (await stat(path)).size : entry.isDirectory() ? '/' : '-';
    names.push(`${relative(folder, path)} ${size}`);
  }
  return names.sort();
}

/** All tasks in their order, so many at a time. */
export async function inPool<T>(atOnce: number, tasks: readonly (() => Promise<T>)[]): Promise<T[]> {
  const results: T[] = [];
  let next = 0;
  const work = async (): Promise<void> => {
    for (let i = next++; i < tasks.length; i = next++) results[i] = await (tasks[i] as () => Promise<T>)();
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return results;
}
