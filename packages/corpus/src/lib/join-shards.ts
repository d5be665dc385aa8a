import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { linkOrCopy } from './link-or-copy.ts';
import { readShardIndex, shardFile, shardIndexFile, type ShardIndex } from './shard-index.ts';

/**
 * Puts the shards of several folders behind one another into one folder, without reading them: each file is linked, or
 * copied where the file system cannot link.
 *
 * @param dirs - of images of one size, with the same classes
 * @param outputDir - must exist
 * @throws CorruptShardError if a folder has no index; RangeError if sizes or classes differ
 */
export async function joinShards(dirs: readonly string[], outputDir: string): Promise<ShardIndex> {
  const indexes = await Promise.all(dirs.map(readShardIndex));
  const [first] = indexes;
  if (first === undefined) throw new RangeError('corpus: no shards to join; give at least one folder');
  const kindOf = ({ height, width, classNames }: ShardIndex): string => JSON.stringify({ height, width, classNames });
  const shards: ShardIndex['shards'] = [];
  for (const [i, index] of indexes.entries()) {
    if (kindOf(index) !== kindOf(first)) {
      throw new RangeError(`corpus: shards of ${kindOf(index)} in ${dirs[i]} cannot follow those of ${kindOf(first)}`);
    }
    for (const { file, count } of index.shards) {
      const joined = shardFile(shards.length);
      await linkOrCopy(join(dirs[i] as string, file), join(outputDir, joined));
      shards.push({ file: joined, count });
    }
  }
  const joined = { ...first, count: indexes.reduce((sum, { count }) => sum + count, 0), shards };
  await writeFile(join(outputDir, shardIndexFile), `${JSON.stringify(joined, null, 2)}\n`);
  return joined;
}
