import type { Stage } from '@radiotracer/store';
import { decodeBatch, type DecodedBatch, type WantedSize } from './decode-batch.ts';
import { DecodeThreads } from './decode-threads.ts';
import { atPlace, ImageDecodeError, ImageSizeError } from './errors.ts';
import { requireOneSize } from './one-size.ts';
import { KeptShards } from './kept-shards.ts';
import { openCorpusSource } from './open-source.ts';
import { readRows } from './read-rows.ts';
import { ShardWriter } from './shard-writer.ts';
import type { CorpusRow, ImageSize, IngestInput, ShardsFacts } from './types.ts';

/** What is decoded together: enough that handing it over costs little, and little enough to be held several times. */
const batchLimit = { images: 128, bytes: 2 ** 18 };
/** Of fewer images, threads take longer to start than to decode. */
const minForThreads = 1000;

/**
 * Decodes one split of a corpus into Arrow shards, streaming: what it holds in memory does not grow with the corpus.
 * Shards that are finished are kept; an attempt that starts anew goes on after the last of them.
 *
 * @throws CorpusError at the first row that cannot be used
 * @throws ImageSizeError if images differ in size and the input gives none
 */
export const ingest: Stage<IngestInput, ShardsFacts> = {
  name: 'ingest',
  version: 2, // 1 could pair images with labels of another batch
  async run(input, { outputDir, scratchDir, report, signal, ...context }) {
    const corpus = await openCorpusSource(input.source, context);
    const { classNames } = corpus;
    const total = corpus.splits[input.split]?.count ?? 0;
    const kept = await KeptShards.find(scratchDir);
    let { size, count: done } = kept;
    let writer = size && (await ShardWriter.create(outputDir, { ...size, classNames }, kept));
    report({ done, total, unit: 'images' });
    const threads = total - done < minForThreads ? undefined : DecodeThreads.start();
    try {
      for await (const { rows, batch } of decodeAhead(readRows(corpus, input.split, done), input, threads)) {
        signal.throwIfAborted();
        size = sizeOfAll(rows, batch, size);
        writer ??= await ShardWriter.create(outputDir, { ...size, classNames }, kept);
        await writer.append(
          batch.pixels,
          rows.map(({ label }) => label),
        );
        done += rows.length;
        report({ done, total, unit: 'images' });
      }
    } finally {
      await threads?.close();
      await writer?.settle(); // a shard that is being written is kept for the next attempt
    }
    if (!writer || !size) throw new ImageSizeError(`corpus: the split ${input.split} holds no images`);
    const { count, shards } = await writer.close();
    return { count, ...size, classNames, shards: shards.length };
  },
};

/** Rows in order with their pixels, each batch until the next is asked for; those that follow are being decoded meanwhile. */
async function* decodeAhead(
  rows: AsyncIterable<CorpusRow>,
  wanted: WantedSize,
  threads: DecodeThreads | undefined,
): AsyncIterable<{ rows: readonly CorpusRow[]; batch: DecodedBatch }> {
  const decode = async (rows: readonly CorpusRow[]) => {
    const images = rows.map(({ image }) => image);
    return { rows, batch: await (threads ? threads.decode(images, wanted) : decodeBatch(images, wanted)) };
  };
  function* lent(decoded: Awaited<ReturnType<typeof decode>>) {
    yield decoded;
    threads?.takeBack(decoded.batch);
  }
  const pending: ReturnType<typeof decode>[] = [];
  for await (const batch of batches(rows)) {
    const decoding = decode(batch);
    decoding.catch(() => undefined); // Reported when its turn comes, or never if an earlier row failed.
    pending.push(decoding);
    const first = pending.length >= (threads?.batchesAtOnce ?? 1) ? pending.shift() : undefined;
    if (first) yield* lent(await first);
  }
  for (const decoding of pending) yield* lent(await decoding);
}

async function* batches(rows: AsyncIterable<CorpusRow>): AsyncIterable<readonly CorpusRow[]> {
  let batch: CorpusRow[] = [];
  let bytes = 0;
  for await (const row of rows) {
    batch.push(row);
    bytes += row.image instanceof Uint8Array ? row.image.length : row.image.pixels.length;
    if (batch.length < batchLimit.images && bytes < batchLimit.bytes) continue;
    yield batch;
    batch = [];
    bytes = 0;
  }
  if (batch.length > 0) yield batch;
}

/**
 * The size that all images of a batch have.
 *
 * @param size - that of all images before
 * @throws ImageSizeError at the first image that has not the size
 * @throws CorpusError if an image could not be decoded
 */
function sizeOfAll(rows: readonly CorpusRow[], { sizes, problem = '' }: DecodedBatch, size?: ImageSize): ImageSize {
  let expected = size;
  for (const [i, row] of rows.entries()) {
    const [height, width] = sizes.subarray(2 * i, 2 * i + 2);
    if (height === undefined || width === undefined) throw atPlace(row, new ImageDecodeError(problem));
    expected ??= { height, width };
    requireOneSize(row, { height, width }, expected);
  }
  return expected as ImageSize;
}
