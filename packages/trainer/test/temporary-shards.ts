import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { imageGenerator, ImageShards, ShardWriter } from '@radiotracer/corpus';

/** Opens shards of generated images in a folder of their own; `remove` closes and removes them. */
export async function temporaryShards(
  count: number,
  { classes = 3, size = 8, seed = 1 } = {},
): Promise<{
  readonly shards: ImageShards;
  readonly remove: () => Promise<void>;
}> {
  const dir = await mkdtemp(join(tmpdir(), 'radiotracer-trainer-'));
  const classNames = Array.from({ length: classes }, (_, label) => `class-${label}`);
  const writer = await ShardWriter.create(dir, { height: size, width: size, classNames });
  const image = imageGenerator({ classes, size, seed });
  for (let row = 0; row < count; row++) {
    const { pixels, label } = image('train', row);
    await writer.append(pixels, [label]);
  }
  await writer.close();
  const shards = await ImageShards.open(dir);
  const remove = async (): Promise<void> => {
    shards.close();
    await rm(dir, { recursive: true });
  };
  return { shards, remove };
}
