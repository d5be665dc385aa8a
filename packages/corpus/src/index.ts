/**
 * Image corpora: read and written as they lie on disk (Parquet in the Hugging Face layout, class folders, CIFAR binary
 * files), decoded once into Arrow shards that trainers read by row, and one corpus made by a formula.
 */
export { decodeImage } from './lib/decode-image.ts';
export { corpusDigest, describeCorpus } from './lib/describe-corpus.ts';
export { encodeJpeg } from './lib/encode-jpeg.ts';
export { encodePng } from './lib/encode-png.ts';
export {
  CorpusError,
  CorpusNotFoundError,
  CorpusSettingsError,
  CorruptShardError,
  ImageDecodeError,
  ImageSizeError,
  TableError,
} from './lib/errors.ts';
export type { CorpusPlace } from './lib/errors.ts';
export { findCorpus } from './lib/find-corpus.ts';
export { generate, generatedFolder } from './lib/generate.ts';
export { imageGenerator } from './lib/image-generator.ts';
export type { GeneratedImage } from './lib/image-generator.ts';
export { ImageShards } from './lib/image-shards.ts';
export { ingest } from './lib/ingest.ts';
export { inspectCorpus } from './lib/inspect-corpus.ts';
export { joinShards } from './lib/join-shards.ts';
export { openCorpusSource } from './lib/open-source.ts';
export { readTable } from './lib/read-table.ts';
export type { TableRow } from './lib/read-table.ts';
export { decodeRow, readRows } from './lib/read-rows.ts';
export { rewriteCorpus } from './lib/rewrite-corpus.ts';
export type { RewriteOptions } from './lib/rewrite-corpus.ts';
export type { ShardIndex } from './lib/shard-index.ts';
export { ShardWriter } from './lib/shard-writer.ts';
export type { ShardFormat } from './lib/shard-writer.ts';
export type * from './lib/types.ts';
export { writeMetadata } from './lib/write-metadata.ts';
