import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { Message } from 'apache-arrow';
import { Footer } from 'apache-arrow/ipc/metadata/file';
import { CorruptShardError } from './errors.ts';
import { isOfSystem } from './is-of-system.ts';

const magic = 'ARROW1';

/**
 * One shard, open for reading. Node cannot map files into memory, so images are read at their place in the file: what
 * is read often stays in the page cache of the system, and not in the memory of the process.
 */
export class ShardFile {
  readonly labels: Int32Array;
  readonly #descriptor: number;
  readonly #imageBytes: number;
  readonly #pixelsOffset: number;

  /**
   * @param count - rows that it must have
   * @throws CorruptShardError if it is missing, cut off, is no Arrow file, or has other columns or another number of rows
   */
  constructor(
    readonly path: string,
    count: number,
    imageBytes: number,
  ) {
    this.#imageBytes = imageBytes;
    this.#descriptor = opened(path);
    try {
      const { pixels, labels } = this.#locate(count);
      this.#pixelsOffset = pixels;
      this.labels = new Int32Array(count);
      this.#fill(new Uint8Array(this.labels.buffer), labels);
    } catch (error) {
      this.close();
      throw error;
    }
  }

  /** Reads `rows` images from row `row` on into `target`, uint8 [rows, H, W, 3]. */
  read(row: number, target: Uint8Array): void {
    this.#fill(target, this.#pixelsOffset + row * this.#imageBytes);
  }

  close(): void {
    closeSync(this.#descriptor);
  }

  /** Byte offsets of the two columns, from the metadata of the only record batch. */
  #locate(count: number): { pixels: number; labels: number } {
    const { size } = fstatSync(this.#descriptor);
    const tail = this.#bytes(size - 10, 10);
    if (size < 20 || tail.toString('latin1', 4) !== magic) {
      throw new CorruptShardError(this.path, `does not end in "${magic}": no Arrow file, or cut off`);
    }
    const { length, buffers, body } = this.#recordBatch(size - 10, tail.readInt32LE(0));
    // Per column a bitmap of nulls (empty here) and, below the list, the values: [list nulls, nulls, pixels, nulls, labels].
    const [, , pixels, , labels] = buffers;
    if (length !== count || !pixels || !labels || padded(pixels.length) !== padded(count * this.#imageBytes)) {
      throw new CorruptShardError(
        this.path,
        `holds ${length} rows in ${buffers.length} buffers; ${count} rows of ${this.#imageBytes} bytes were written`,
      );
    }
    return { pixels: body + pixels.offset, labels: body + labels.offset };
  }

  /** The only record batch, by the footer before byte `footerEnd`, and the byte at which its buffers begin. */
  #recordBatch(footerEnd: number, footerLength: number) {
    try {
      if (footerLength > footerEnd) throw new Error('its footer would be longer than it is');
      const block = Footer.decode(this.#bytes(footerEnd - footerLength, footerLength)).getRecordBatch(0);
      if (!block) throw new Error('there is none');
      const message = Message.decode(this.#bytes(block.offset + 8, block.metaDataLength - 8));
      if (!message.isRecordBatch()) throw new Error('the footer points to something else');
      const { length, buffers } = message.header();
      return { length, buffers, body: block.offset + block.metaDataLength };
    } catch (cause) {
      if (isOfSystem(cause) || cause instanceof CorruptShardError) throw cause;
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new CorruptShardError(this.path, `holds no record batch that can be found (${reason})`, { cause });
    }
  }

  #bytes(offset: number, length: number): Buffer {
    const bytes = Buffer.alloc(length);
    this.#fill(bytes, Math.max(0, offset));
    return bytes;
  }

  #fill(target: Uint8Array, offset: number): void {
    for (let done = 0; done < target.length;) {
      const read = readSync(this.#descriptor, target, done, target.length - done, offset + done);
      if (read === 0) throw new CorruptShardError(this.path, `ends before byte ${offset + target.length}`);
      done += read;
    }
  }
}

/** @throws CorruptShardError if there is no such file */
function opened(path: string): number {
  try {
    return openSync(path, 'r');
  } catch (cause) {
    if (isOfSystem(cause) && cause.code !== 'ENOENT') throw cause;
    throw new CorruptShardError(path, 'is missing', { cause });
  }
}

/** Writers may count the padding of a buffer to its length. */
function padded(length: number): number {
  return Math.ceil(length / 8) * 8;
}
