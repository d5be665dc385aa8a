import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { z } from 'zod';
import { InputError } from './errors.ts';

const hex256 = z.string().regex(/^[0-9a-f]{64}$/);
/** A reference to an artefact, whose stage and key become the names of folders. */
const artifactSchema = z.object({
  stage: z.string().regex(/^[a-zA-Z][\w-]*$/),
  key: hex256,
  sha256: hex256,
  facts: z.record(z.string(), z.unknown()),
});

/**
 * What a run left in its folder.
 *
 * @param fields - artefacts that its result must hold, such as `publication`
 * @throws InputError if there is no result with these fields
 */
export async function readResult<Result extends object>(
  folder: string,
  ...fields: (keyof Result & string)[]
): Promise<Result> {
  const path = join(folder, 'result.json');
  let result: unknown;
  try {
    result = JSON.parse(await readFile(path, 'utf8'));
  } catch (cause) {
    throw new InputError(`${problemOf(folder, cause)}; name the folder that a finished run left${nearby(folder)}`, {
      cause,
    });
  }
  for (const field of fields) {
    if (typeof result !== 'object' || result === null || !(field in result)) {
      throw new InputError(`${path} is of another command: it has no ${field}`);
    }
    const { error } = artifactSchema.safeParse((result as Record<string, unknown>)[field]);
    if (!error) continue;
    const [issue] = error.issues;
    const place = [field, ...(issue?.path ?? [])].join('.');
    throw new InputError(
      `${path}: ${place}: ${issue?.message}; ${field} must name an artefact by stage, key, sha256 and facts, as the run wrote it`,
    );
  }
  return result as Result;
}

function problemOf(folder: string, error: unknown): string {
  if (!existsSync(folder)) return `${folder} does not exist`;
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT') return `${folder} is not what a run left: it holds no result.json`;
  return `${join(folder, 'result.json')} cannot be read (${error instanceof SyntaxError ? 'it is no JSON' : code})`;
}

/** A run's folder, where one inside it was named, such as `published`. */
function nearby(folder: string): string {
  const above = dirname(resolve(folder));
  return existsSync(join(above, 'result.json')) ? `, such as ${above}` : '';
}
