import { randomFillSync } from 'node:crypto';
import { ShardWriter } from '@radiotracer/corpus';
import type { ShardsFacts } from '@radiotracer/corpus';
import type { Artifact } from '@radiotracer/store';

const classNames = Array.from({ length: 10 }, (_, i) => `class ${i}`);
const atOnce = 100;

/** Shards of noise in ten classes: speed does not depend on what is to be seen. */
export async function randomShards(folder: string, count: number, size: number): Promise<void> {
  const writer = await ShardWriter.create(folder, { height: size, width: size, classNames });
  for (let done = 0; done < count; done += atOnce) {
    const images = Math.min(atOnce, count - done);
    const pixels = randomFillSync(new Uint8Array(images * size * size * 3));
    await writer.append(
      pixels,
      Array.from({ length: images }, (_, i) => (done + i) % classNames.length),
    );
  }
  await writer.close();
}

/** A reference for a stage that opens what it is given by `context.open`. */
export function shardsArtifact(count: number, size: number): Artifact<ShardsFacts> {
  const facts = { count, height: size, width: size, classNames, shards: 1 };
  return { stage: 'ingest', key: '', sha256: '', facts };
}
