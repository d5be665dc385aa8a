import pc from 'picocolors';
import { doctor } from '../doctor.ts';
import { EnvironmentError } from '../errors.ts';
import { printResult, type GlobalOptions } from '../print-result.ts';

export interface DoctorOptions extends GlobalOptions {
  readonly requireGpu?: true;
}

/** Tells what this machine has, and fails when something that is needed is missing. */
export async function doctorCommand(options: DoctorOptions): Promise<void> {
  const checks = await doctor(options.requireGpu ?? false);
  const width = Math.max(...checks.map(({ name }) => name.length));
  const lines = checks.map(({ name, ok, found, advice }) => {
    const line = `${ok ? pc.green('✓') : pc.red('✗')} ${name.padEnd(width)}  ${found}`;
    return ok || !advice ? line : `${line}\n  ${' '.repeat(width)}  → ${advice}`;
  });
  printResult(options, { checks }, lines.join('\n'));
  const missing = checks.filter(({ ok }) => !ok).map(({ name }) => name);
  if (missing.length > 0) throw new EnvironmentError(`not in order: ${missing.join(', ')}`);
}
