import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  Field,
  FixedSizeList,
  Int32,
  makeData,
  RecordBatch,
  RecordBatchFileWriter,
  Schema,
  Struct,
  Uint8,
} from 'apache-arrow';
import type { KeptShards } from './kept-shards.ts';
import { shardFile, shardIndexFile, type ShardIndex } from './shard-index.ts';

/** Pixels of one shard. Two shards' worth is held while one is written. */
const shardBytes = 32 * 2 ** 20;

export interface ShardFormat {
  readonly height: number;
  readonly width: number;
  readonly classNames: readonly string[];
}

/**
 * Writes decoded images as Arrow IPC files: `image: FixedSizeList<uint8>[H·W·3]`, `label: int32`, not compressed, one
 * record batch a file, so that any reader can map them into memory and find an image by its row alone.
 *
 * @example
 * const writer = await ShardWriter.create(dir, { height: 32, width: 32, classNames: ['cat', 'dog'] });
 * await writer.append(pixels, labels);
 * await writer.close();
 */
export class ShardWriter {
  readonly #dir: string;
  readonly #format: ShardFormat;
  readonly #imageBytes: number;
  readonly #kept: KeptShards | undefined;
  readonly #shards: { file: string; count: number }[];
  #pixels: Uint8Array;
  #labels: Int32Array;
  #filled = 0;
  /** The shard before, which is being written, and its memory, in which the next one is then gathered. */
  #before: { written: Promise<void>; pixels: Uint8Array; labels: Int32Array } | undefined;

  private constructor(dir: string, format: ShardFormat, kept: KeptShards | undefined) {
    this.#kept = kept;
    this.#shards = [...(kept?.shards ?? [])];
    this.#dir = dir;
    this.#format = format;
    this.#imageBytes = format.height * format.width * 3;
    const capacity = Math.max(1, Math.floor(shardBytes / this.#imageBytes));
    this.#pixels = new Uint8Array(capacity * this.#imageBytes);
    this.#labels = new Int32Array(capacity);
  }

  /**
   * @param dir - made if it does not exist
   * @param kept - shards that an earlier attempt finished, which come first; further ones are kept there too
   */
  static async create(dir: string, format: ShardFormat, kept?: KeptShards): Promise<ShardWriter> {
    await mkdir(dir, { recursive: true });
    await kept?.linkInto(dir);
    return new ShardWriter(dir, format, kept);
  }

  /**
   * @param pixels - uint8 [n, H, W, 3]
   * @param labels - n class indices, in [0, classes)
   * @throws RangeError if the two do not belong together, or a label is out of range
   */
  async append(pixels: Uint8Array, labels: ArrayLike<number>): Promise<void> {
    const { height, width, classNames } = this.#format;
    if (pixels.length !== labels.length * this.#imageBytes) {
      throw new RangeError(
        `corpus: ${labels.length} images of ${height}×${width}×3 are ${labels.length * this.#imageBytes} bytes, ` +
          `got ${pixels.length}`,
      );
    }
    for (let row = 0; row < labels.length; row++) {
      const label = labels[row] ?? -1;
      if (!Number.isInteger(label) || label < 0 || label >= classNames.length) {
        throw new RangeError(`corpus: label ${label} is outside [0, ${classNames.length})`);
      }
    }
    for (let row = 0; row < labels.length;) {
      const rows = Math.min(labels.length - row, this.#labels.length - this.#filled);
      this.#pixels.set(
        pixels.subarray(row * this.#imageBytes, (row + rows) * this.#imageBytes),
        this.#filled * this.#imageBytes,
      );
      for (let i = 0; i < rows; i++) this.#labels[this.#filled + i] = labels[row + i] ?? -1;
      row += rows;
      this.#filled += rows;
      if (this.#filled === this.#labels.length) await this.#flush();
    }
  }

  /** Writes the last shard and the index, without which the folder is no set of shards. */
  async close(): Promise<ShardIndex> {
    if (this.#filled > 0) await this.#flush();
    await this.#before?.written;
    const index: ShardIndex = {
      count: this.#shards.reduce((sum, shard) => sum + shard.count, 0),
      height: this.#format.height,
      width: this.#format.width,
      classNames: [...this.#format.classNames],
      shards: this.#shards,
    };
    await writeFile(join(this.#dir, shardIndexFile), JSON.stringify(index, null, 2) + '\n');
    return index;
  }

  /** Ends when nothing is being written any more, well or not; for who gives up. */
  async settle(): Promise<void> {
    await this.#before?.written.catch(() => undefined);
  }

  /** Begins to write what was gathered, once the shard before is written. */
  async #flush(): Promise<void> {
    const [count, pixels, labels] = [this.#filled, this.#pixels, this.#labels];
    const file = shardFile(this.#shards.length);
    await this.#before?.written;
    this.#pixels = this.#before?.pixels ?? new Uint8Array(pixels.length);
    this.#labels = this.#before?.labels ?? new Int32Array(labels.length);
    this.#filled = 0;
    const batch = toBatch(pixels.subarray(0, count * this.#imageBytes), labels.subarray(0, count), this.#imageBytes);
    // In the pieces that Arrow gives, which are parts of the batch: put together, they would be copied once more.
    const write = (dir: string) => writeFile(join(dir, file), RecordBatchFileWriter.writeAll([batch]));
    const written = this.#kept?.add({ ...this.#format, file, count }, this.#dir, write) ?? write(this.#dir);
    written.catch(() => undefined); // thrown by who awaits it next
    this.#before = { written, pixels, labels };
    this.#shards.push({ file, count });
  }
}

function toBatch(pixels: Uint8Array, labels: Int32Array, imageBytes: number): RecordBatch {
  const image = new FixedSizeList(imageBytes, new Field('item', new Uint8(), false));
  const schema = new Schema([new Field('image', image, false), new Field('label', new Int32(), false)]);
  const length = labels.length;
  const children = [
    makeData({ type: image, length, nullCount: 0, child: makeData({ type: new Uint8(), data: pixels }) }),
    makeData({ type: new Int32(), length, data: labels }),
  ];
  return new RecordBatch(schema, makeData({ type: new Struct(schema.fields), length, nullCount: 0, children }));
}
