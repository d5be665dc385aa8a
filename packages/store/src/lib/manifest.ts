import { readdir } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { z } from 'zod';
import { canonicalJson } from './canonical-json.ts';
import { InvalidStageError } from './errors.ts';
import { machineSchema } from './machine.ts';
import { sha256 } from './sha256.ts';

const hex256 = z.string().regex(/^[0-9a-f]{64}$/);

/** `manifest.json` of an artefact: what made it, and what it consists of. Its SHA-256 is the artefact's `sha256`. */
export const manifestSchema = z.object({
  stage: z.string(),
  version: z.int(),
  key: hex256,
  input: z.json(),
  facts: z.json(),
  /** By path relative to the artefact's folder, `/` between its parts. */
  files: z.record(z.string(), z.object({ sha256: hex256, sizeBytes: z.int().nonnegative() })),
});
export type Manifest = z.infer<typeof manifestSchema>;

/** `run.json` of an artefact: how it was made. Differs from run to run, so it is no part of the artefact's hash. */
export const runRecordSchema = z.object({
  /** ISO 8601, UTC. */
  startedAt: z.string(),
  /** Of the attempt that succeeded. */
  seconds: z.number(),
  /** 1, and 1 more for each attempt that failed or was cut off before. */
  attempt: z.int().positive(),
  machine: machineSchema,
  /** Other kinds of machine on which earlier attempts left their scratch: the bits may not be those of one machine. */
  earlierMachines: z.array(machineSchema).optional(),
});
export type RunRecord = z.infer<typeof runRecordSchema>;

/** Written into an artefact by the store itself, so not free for a stage's files. */
export const reservedFiles: readonly string[] = ['manifest.json', 'run.json', 'SHA256SUMS'];

/**
 * `SHA256SUMS` of an artefact, in the format of `sha256sum --check`: its files, then manifest and run record. It lets
 * a damaged manifest be noticed by somebody who was given no reference to the artefact.
 */
export function sha256Sums(files: Manifest['files'], manifestText: string, recordText: string): string {
  const sums = Object.entries(files).map(([path, { sha256 }]) => [sha256, path]);
  sums.push([sha256(manifestText), 'manifest.json'], [sha256(recordText), 'run.json']);
  return sums.map(([sum, path]) => `${sum}  ${path}\n`).join('');
}

/**
 * Hex SHA-256 of the canonical JSON of stage name, stage version and input.
 *
 * @throws InvalidStageError if the input is not JSON (names the path), or the name cannot be a folder's
 */
export function stageKey(stage: string, version: number, input: unknown): string {
  if (!/^[a-zA-Z][\w-]*$/.test(stage)) {
    throw new InvalidStageError(`store: a stage's name is a letter, then letters, digits, - or _; found "${stage}"`);
  }
  canonicalJson(input, 'input');
  return sha256(canonicalJson({ stage, version, input }, 'stage'));
}

/**
 * Every file below a folder, as sorted relative paths with `/` between their parts.
 *
 * @throws InvalidStageError if there is something that is neither file nor folder, such as a symbolic link
 */
export async function listFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths: string[] = [];
  for (const entry of entries) {
    const path = relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/');
    if (entry.isFile()) paths.push(path);
    else if (!entry.isDirectory()) {
      throw new InvalidStageError(`store: ${path} in ${folder} is neither a file nor a folder; copy what it points to`);
    }
  }
  return paths.sort();
}
