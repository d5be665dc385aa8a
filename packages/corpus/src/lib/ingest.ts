import type { Stage } from '@radiotracer/store';
import { ImageSizeError } from './errors.ts';
import { requireOneSize } from './one-size.ts';
import { openCorpusSource } from './open-source.ts';
import { decodeRow, readRows } from './read-rows.ts';
import { resizeImage } from './resize-image.ts';
import { ShardWriter } from './shard-writer.ts';
import type { CorpusRow, DecodedImage, ImageSize, IngestInput, ShardsFacts } from './types.ts';

/** Images that are decoded at the same time. Each is small; this many keep two cores busy. */
const inFlight = 32;
/** Images between two reports of progress. */
const reportEvery = 256;

/**
 * Decodes one split of a corpus into Arrow shards, streaming: what it holds in memory does not grow with the corpus.
 *
 * @throws CorpusError at the first row that cannot be used
 * @throws ImageSizeError if images differ in size and the input gives none
 */
export const ingest: Stage<IngestInput, ShardsFacts> = {
  name: 'ingest',
  version: 1,
  async run(input, { outputDir, report, signal, ...context }) {
    const corpus = await openCorpusSource(input.source, context);
    const { classNames } = corpus;
    const total = corpus.splits[input.split]?.count ?? 0;
    let writer: ShardWriter | undefined;
    let size: ImageSize | undefined;
    let done = 0;
    for await (const { row, image } of decodeAhead(readRows(corpus, input.split), input)) {
      signal.throwIfAborted();
      size ??= { height: image.height, width: image.width };
      requireOneSize(row, image, size);
      writer ??= await ShardWriter.create(outputDir, { ...size, classNames });
      await writer.append(image.pixels, [row.label]);
      if (++done % reportEvery === 0 || done === total) report({ done, total, unit: 'images' });
    }
    if (!writer || !size) throw new ImageSizeError(`corpus: the split ${input.split} holds no images`);
    const { count, shards } = await writer.close();
    return { count, ...size, classNames, shards: shards.length };
  },
};

/** Rows in order with their pixels, of which the next few are being decoded. */
async function* decodeAhead(
  rows: AsyncIterable<CorpusRow>,
  { height, width }: IngestInput,
): AsyncIterable<{ row: CorpusRow; image: DecodedImage }> {
  const decode = async (row: CorpusRow): Promise<{ row: CorpusRow; image: DecodedImage }> => {
    const image = await decodeRow(row);
    return { row, image: await resizeImage(image, height ?? width ?? image.height, width ?? height ?? image.width) };
  };
  const pending: ReturnType<typeof decode>[] = [];
  for await (const row of rows) {
    const decoding = decode(row);
    decoding.catch(() => undefined); // Reported when its turn comes, or never if an earlier row failed.
    pending.push(decoding);
    const first = pending.length >= inFlight ? pending.shift() : undefined;
    if (first) yield await first;
  }
  for (const decoding of pending) yield await decoding;
}
