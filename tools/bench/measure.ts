import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { benchPython } from './bench-python.ts';
import { watchOtherWork } from './other-work.ts';
import type { Measured, Program, Row } from './row.ts';

/** The two programs of one pair, run one after the other. */
export interface Pair {
  readonly ours: Measured;
  readonly against?: Measured;
}

export interface RowMeasurement {
  /** What ours was compared with. */
  readonly opponent?: string;
  readonly pairs: readonly Pair[];
}

export interface MeasureOptions {
  /** Pairs, after the warm-up. */
  readonly runs: number;
  /** Put before each command line, such as `taskset -c 0,1`. */
  readonly prefix?: readonly string[];
  readonly log: (line: string) => void;
}

/**
 * Runs the programs of a row in turn: a warm-up of all, which chooses the opponent, then ours and the opponent, again
 * and again, so that whatever else the machine does hits both.
 *
 * @throws Error with what the program printed if it fails, or its last line is no result
 */
export async function measureRow(row: Row, { runs, prefix = [], log }: MeasureOptions): Promise<RowMeasurement> {
  await row.prepare?.();
  const run = async (program: Program): Promise<Measured> => {
    const measured = await runProgram(program, prefix);
    log(`${row.name}: ${program.name} ${JSON.stringify(measured)}`);
    return measured;
  };
  await run(row.ours);
  let opponent: Program | undefined;
  let best = -Infinity;
  for (const candidate of row.against) {
    const { rate } = await run(candidate);
    if (rate > best) [opponent, best] = [candidate, rate];
  }
  const pairs: Pair[] = [];
  for (let i = 0; i < runs; i++) {
    const ours = await run(row.ours);
    pairs.push({ ours, ...(opponent && { against: await run(opponent) }) });
  }
  return { ...(opponent && { opponent: opponent.name }), pairs };
}

const programs = new URL('./programs/', import.meta.url);

/** @throws Error with what the program printed if it fails, or its last line is no result */
export async function runProgram({ file, args }: Program, prefix: readonly string[] = []): Promise<Measured> {
  const path = fileURLToPath(new URL(file, programs));
  // Node's own flags say whether the packages are read from their sources or as built.
  const interpreter = file.endsWith('.py') ? [await benchPython()] : [process.execPath, ...nodeFlags()];
  const [command = '', ...rest] = [...prefix, ...interpreter, path, ...args.map(String)];
  const env = { TF_CPP_MIN_LOG_LEVEL: '2', ...process.env };
  const otherWork = watchOtherWork();
  const { stdout, stderr } = await promisify(execFile)(command, rest, { env, maxBuffer: 2 ** 26 }).catch(
    (cause: Error & { stderr?: string }) => {
      throw new Error(`bench: ${file} ${args.join(' ')} failed: ${(cause.stderr || cause.message).trim()}`, { cause });
    },
  );
  const last = stdout.trim().split('\n').at(-1) ?? '';
  try {
    const measured = JSON.parse(last) as Measured;
    if (measured.rate > 0 && measured.peakMemoryMb > 0) {
      return { ...measured, otherWork: otherWork(measured.cpuSeconds ?? 0) };
    }
  } catch {
    // The same as a result without its numbers.
  }
  throw new Error(`bench: the last line of ${file} is no result: ${last || stderr.trim()}`);
}

/** This process's, or those that read TypeScript and sources, where this is a test. */
function nodeFlags(): readonly string[] {
  if (process.execArgv.some((flag) => flag.includes('tsx'))) return process.execArgv;
  return ['--conditions=@radiotracer/source', '--import', import.meta.resolve('tsx')];
}
