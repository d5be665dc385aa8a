import { join } from 'node:path';
import { findPart, makePart, type Part } from '@radiotracer/store';
import { linkOrCopy } from './link-or-copy.ts';
import { shardFile, type ShardIndex } from './shard-index.ts';
import type { ImageSize } from './types.ts';

type Shard = ShardIndex['shards'][number];
type KeptShard = Shard & ImageSize;

/** Shards that a stage has finished, kept in its scratch folder: a crash costs the one that is being gathered. */
export class KeptShards {
  private constructor(
    readonly scratchDir: string,
    readonly parts: readonly Part<KeptShard>[],
  ) {}

  /** What earlier attempts finished, up to the first shard that is missing, or not as it was written. */
  static async find(scratchDir: string): Promise<KeptShards> {
    const parts: Part<KeptShard>[] = [];
    for (;;) {
      const part = await findPart<KeptShard>(scratchDir, shardFile(parts.length));
      if (!part) return new KeptShards(scratchDir, parts);
      parts.push(part);
    }
  }

  get shards(): readonly Shard[] {
    return this.parts.map(({ facts: { file, count } }) => ({ file, count }));
  }

  /** Images in them. */
  get count(): number {
    return this.parts.reduce((sum, { facts }) => sum + facts.count, 0);
  }

  /** Of all images; undefined if there are none. */
  get size(): ImageSize | undefined {
    const { height, width } = this.parts[0]?.facts ?? {};
    return height === undefined || width === undefined ? undefined : { height, width };
  }

  /** Puts what was found into the folder where the others will be. */
  async linkInto(outputDir: string): Promise<void> {
    for (const { folder, facts } of this.parts) await linkOrCopy(join(folder, facts.file), join(outputDir, facts.file));
  }

  /** Writes one more, keeps it, and puts it into the same folder. */
  async add(
    { file, count, height, width }: KeptShard,
    outputDir: string,
    write: (folder: string) => Promise<void>,
  ): Promise<void> {
    const facts = { file, count, height, width };
    const { folder } = await makePart(this.scratchDir, file, (folder) => write(folder).then(() => facts));
    await linkOrCopy(join(folder, file), join(outputDir, file));
  }
}
