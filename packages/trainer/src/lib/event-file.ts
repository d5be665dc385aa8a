import { type FileHandle, mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';

import { crc32c } from './crc32c.ts';

/**
 * A file of scalars that TensorBoard plots. Its own format, so that a training that goes on from a checkpoint can cut
 * the file back to it: TensorFlow's writer starts another file, in which steps come a second time.
 *
 * A record is the length of its data (uint64), its masked CRC-32C, the data, and theirs; all little-endian. The data are
 * an `Event` in protocol buffers. Sources: tensorflow/core/lib/io/record_writer.h, core/util/event.proto and
 * core/framework/summary.proto.
 */
export class EventFile {
  private constructor(private readonly file: FileHandle) {}

  /**
   * Opens a file at `path`, whose folder is made, and keeps its first `keptBytes` bytes, which `sync` told
   * of. One that does not exist, or has fewer, is begun anew.
   */
  static async open(path: string, keptBytes: number): Promise<EventFile> {
    await mkdir(dirname(path), { recursive: true });
    const file = await open(path, 'a');
    const { size } = await file.stat();
    const kept = size >= keptBytes ? keptBytes : 0;
    await file.truncate(kept);
    const events = new EventFile(file);
    if (kept === 0) await events.append(text(3, 'brain.Event:2'));
    return events;
  }

  /** @param scalars - by tag, such as `train/loss` */
  async write(step: number, scalars: Readonly<Record<string, number>>): Promise<void> {
    const values = Object.entries(scalars).map(([tag, value]) => message(1, [text(1, tag), float(2, value)]));
    await this.append(Buffer.concat([varint(2 << 3), varint(step), message(5, values)]));
  }

  /** @returns bytes of the file, all of which survive a power cut */
  async sync(): Promise<number> {
    await this.file.datasync();
    return (await this.file.stat()).size;
  }

  async close(): Promise<void> {
    await this.file.close();
  }

  private async append(fields: Buffer): Promise<void> {
    const data = Buffer.concat([double(1, Date.now() / 1000), fields]);
    const length = Buffer.alloc(8);
    length.writeBigUInt64LE(BigInt(data.length));
    await this.file.appendFile(Buffer.concat([length, maskedCrc(length), data, maskedCrc(data)]));
  }
}

/** As TensorFlow masks it, lest the CRC of what holds CRCs be weak. */
function maskedCrc(bytes: Buffer): Buffer {
  const crc = crc32c(bytes);
  const masked = Buffer.alloc(4);
  masked.writeUInt32LE((((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0);
  return masked;
}

/* Fields of a protocol buffer: https://protobuf.dev/programming-guides/encoding */

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) | 0x80);
  return Buffer.from([...bytes, rest]);
}

function delimited(field: number, bytes: Buffer): Buffer {
  return Buffer.concat([varint((field << 3) | 2), varint(bytes.length), bytes]);
}

const message = (field: number, fields: readonly Buffer[]): Buffer => delimited(field, Buffer.concat(fields));
const text = (field: number, value: string): Buffer => delimited(field, Buffer.from(value));

function float(field: number, value: number): Buffer {
  const bytes = Buffer.alloc(5, (field << 3) | 5);
  bytes.writeFloatLE(value, 1);
  return bytes;
}

function double(field: number, value: number): Buffer {
  const bytes = Buffer.alloc(9, (field << 3) | 1);
  bytes.writeDoubleLE(value, 1);
  return bytes;
}
