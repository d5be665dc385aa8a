import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
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
  } catch (error) {
    const found = error instanceof SyntaxError ? 'it is no JSON' : (error as NodeJS.ErrnoException).code;
    throw new InputError(`${path} cannot be read (${found}); name the folder that a finished run left`, {
      cause: error,
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
