import { availableParallelism, cpus, release, type } from 'node:os';
import { z } from 'zod';

/**
 * What a stage's bits may depend on besides its input: the last bits of a network differ from processor to processor,
 * with the number of threads and with the version of the library that computes.
 */
export const machineSchema = z.object({
  cpu: z.string(),
  /** Processors that this process may use, which is how many threads compute. */
  cores: z.int().positive(),
  os: z.string(),
  node: z.string(),
  /** Version of what computed, by name; absent where nobody said. */
  software: z.record(z.string(), z.string()).optional(),
});
export type Machine = z.infer<typeof machineSchema>;

/** @param software - versions of what computes, by name */
export function thisMachine(software?: Readonly<Record<string, string>>): Machine {
  return {
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: availableParallelism(),
    os: `${type()} ${release()}`,
    node: process.version,
    ...(software && { software }),
  };
}
