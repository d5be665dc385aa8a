import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { CorruptShardError } from './errors.ts';
import { isOfSystem } from './is-of-system.ts';

/** `corpus.json` beside the shards. */
const shardIndexSchema = z.object({
  count: z.int().nonnegative(),
  height: z.int().positive(),
  width: z.int().positive(),
  classNames: z.array(z.string()),
  /** In the order of their rows. */
  shards: z.array(z.object({ file: z.string().regex(/^shard-\d{5}\.arrow$/), count: z.int().positive() })),
});
export type ShardIndex = z.infer<typeof shardIndexSchema>;

export const shardIndexFile = 'corpus.json';

/** Name of the shard of a number, from 0. */
export const shardFile = (number: number): string => `shard-${String(number).padStart(5, '0')}.arrow`;

/** @throws CorruptShardError if the index is missing or does not follow the schema (names the field) */
export async function readShardIndex(dir: string): Promise<ShardIndex> {
  const file = join(dir, shardIndexFile);
  try {
    return shardIndexSchema.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch (cause) {
    if (isOfSystem(cause) && cause.code !== 'ENOENT') throw cause;
    throw new CorruptShardError(file, `is no index of shards: ${String(cause)}`, { cause });
  }
}
