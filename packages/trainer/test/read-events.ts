import { readFile } from 'node:fs/promises';

import protobuf from 'protobufjs';

import { crc32c } from '../src/lib/crc32c.ts';

/** The part of TensorFlow's event.proto and summary.proto that scalars need, in its words. */
const schema = `
  syntax = "proto3";
  message Event {
    double wall_time = 1;
    int64 step = 2;
    oneof what { string file_version = 3; Summary summary = 5; }
  }
  message Summary {
    message Value { string tag = 1; float simple_value = 2; }
    repeated Value value = 1;
  }`;
const Event = protobuf.parse(schema, { keepCase: true }).root.lookupType('Event');

interface Message {
  readonly wall_time: number;
  readonly step: number;
  readonly file_version?: string;
  readonly summary?: { readonly value: readonly { readonly tag: string; readonly simple_value: number }[] };
}

export interface Scalars {
  readonly step: number;
  /** Seconds since 1970. */
  readonly wallTime: number;
  readonly scalars: Readonly<Record<string, number>>;
}

/**
 * The scalars in a TensorBoard event file, read by a protocol buffer library.
 *
 * @throws Error if the file is cut off, a checksum is wrong, or the first record does not tell the version
 */
export async function readEvents(path: string): Promise<Scalars[]> {
  const bytes = await readFile(path);
  const events: Message[] = [];
  for (let at = 0; at < bytes.length;) {
    const length = Number(bytes.readBigUInt64LE(at));
    check(bytes.subarray(at, at + 8), bytes.readUInt32LE(at + 8));
    const data = bytes.subarray(at + 12, at + 12 + length);
    check(data, bytes.readUInt32LE(at + 12 + length));
    events.push(Event.toObject(Event.decode(data), { longs: Number, defaults: true }) as Message);
    at += 16 + length;
  }
  const [first, ...rest] = events;
  if (first?.file_version !== 'brain.Event:2') throw new Error(`${path}: begins with ${JSON.stringify(first)}`);
  return rest.map(({ step, wall_time, summary }) => ({
    step,
    wallTime: wall_time,
    scalars: Object.fromEntries((summary?.value ?? []).map(({ tag, simple_value }) => [tag, simple_value])),
  }));
}

/** TensorFlow rotates a checksum right by 15 bits and adds a constant. */
function check(bytes: Uint8Array, masked: number): void {
  const rotated = (masked - 0xa282ead8) >>> 0;
  const crc = ((rotated << 15) | (rotated >>> 17)) >>> 0;
  if (crc !== crc32c(bytes)) throw new Error(`checksum ${crc}, expected ${crc32c(bytes)}`);
}
