import { join } from 'node:path';
import { ShardFile } from './shard-file.ts';
import { readShardIndex, type ShardIndex } from './shard-index.ts';

/**
 * Decoded images in a folder of Arrow shards, read by row.
 *
 * Only labels are held in memory; pixels are read from the files at each call, and those that are read often come from
 * the system's page cache. So a corpus larger than memory can be trained on, and the resident set stays flat.
 *
 * @example
 * const shards = await ImageShards.open(dir);
 * const pixels = shards.read([7, 42]); // uint8 [2, H, W, 3]
 * shards.close();
 */
export class ImageShards {
  /** Class index of each row, [count]. */
  readonly labels: Int32Array;
  readonly #index: ShardIndex;
  readonly #files: readonly ShardFile[];
  /** Shard of each row would cost memory, so: first row of each shard. */
  readonly #firstRows: readonly number[];

  private constructor(index: ShardIndex, files: readonly ShardFile[]) {
    this.#index = index;
    this.#files = files;
    this.labels = new Int32Array(index.count);
    const firstRows: number[] = [];
    let row = 0;
    for (const file of files) {
      this.labels.set(file.labels, row);
      firstRows.push(row);
      row += file.labels.length;
    }
    this.#firstRows = firstRows;
  }

  /** @throws CorruptShardError if the index or a shard is missing, cut off, or does not belong */
  static async open(dir: string): Promise<ImageShards> {
    const index = await readShardIndex(dir);
    const imageBytes = index.height * index.width * 3;
    const files: ShardFile[] = [];
    try {
      for (const { file, count } of index.shards) files.push(new ShardFile(join(dir, file), count, imageBytes));
      return new ImageShards(index, files);
    } catch (error) {
      for (const file of files) file.close();
      throw error;
    }
  }

  get count(): number {
    return this.#index.count;
  }

  get height(): number {
    return this.#index.height;
  }

  get width(): number {
    return this.#index.width;
  }

  get classNames(): readonly string[] {
    return this.#index.classNames;
  }

  /**
   * @param rows - in any order, may repeat; rows that follow one another are read at once
   * @returns uint8 [rows.length, H, W, 3]; the caller owns it
   * @throws RangeError if a row is outside [0, count)
   */
  read(rows: ArrayLike<number>): Uint8Array {
    const imageBytes = this.height * this.width * 3;
    const pixels = new Uint8Array(rows.length * imageBytes);
    for (let i = 0; i < rows.length;) {
      const row = rows[i] ?? -1;
      if (!Number.isInteger(row) || row < 0 || row >= this.count) {
        throw new RangeError(`corpus: row ${row} is outside [0, ${this.count})`);
      }
      const shard = this.#shardOf(row);
      const end = this.#firstRows[shard + 1] ?? this.count;
      let run = 1;
      while (i + run < rows.length && rows[i + run] === row + run && row + run < end) run++;
      const firstRow = this.#firstRows[shard] ?? 0;
      this.#files[shard]?.read(row - firstRow, pixels.subarray(i * imageBytes, (i + run) * imageBytes));
      i += run;
    }
    return pixels;
  }

  close(): void {
    for (const file of this.#files) file.close();
  }

  /** By bisection: the last shard whose first row is not after `row`. Joined shards differ in length. */
  #shardOf(row: number): number {
    let low = 0;
    let high = this.#firstRows.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((this.#firstRows[middle] as number) <= row) low = middle;
      else high = middle;
    }
    return low;
  }
}
