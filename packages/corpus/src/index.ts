/**
 * Image corpora: read and written as they lie on disk (Parquet in the Hugging Face layout, class folders, CIFAR binary
 * files), decoded once into Arrow shards that trainers read by row, and one corpus made by a formula.
 */
export { CorpusError, CorpusNotFoundError, CorruptShardError, ImageDecodeError, ImageSizeError } from './lib/errors.ts';
export type { CorpusPlace } from './lib/errors.ts';
export { ImageShards } from './lib/image-shards.ts';
export type { ShardIndex } from './lib/shard-index.ts';
export { ShardWriter } from './lib/shard-writer.ts';
export type { ShardFormat } from './lib/shard-writer.ts';
export type * from './lib/types.ts';
