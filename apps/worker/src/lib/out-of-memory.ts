import { readFile } from 'node:fs/promises';
import { ChildDiedError } from './errors.ts';

/** How many processes the Linux kernel has killed for want of memory, anywhere on this machine; 0 where none counts. */
export async function outOfMemoryKills(): Promise<number> {
  const counters = await readFile('/proc/vmstat', 'utf8').catch(() => '');
  return Number(/^oom_kill (\d+)$/m.exec(counters)?.[1] ?? 0);
}

/**
 * Whether a compute process ended for want of memory: killed while the kernel counted such a kill, or by what C++ and
 * TensorFlow say when an allocation fails.
 *
 * @param kills - that the kernel counted while the process ran
 */
export function ranOutOfMemory(error: unknown, kills: number): boolean {
  if (!(error instanceof Error)) return false;
  if (error instanceof ChildDiedError && error.how === 'was killed by SIGKILL') return kills > 0;
  return /std::bad_alloc|OOM when allocating|heap out of memory/.test(error.message);
}
