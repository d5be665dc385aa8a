/**
 * The safetensors format: 8 bytes of header length (little endian), a JSON header, raw tensors.
 * Specification: github.com/huggingface/safetensors, README, "Format".
 */
import { WeightsError } from './errors.ts';

/** A float32 array with its shape. */
export interface NamedArray {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

export interface Safetensors {
  readonly tensors: Readonly<Record<string, NamedArray>>;
  readonly metadata: Readonly<Record<string, string>>;
}

/** Ending of the counters that PyTorch keeps beside running statistics, int64 and of no use here. */
export const COUNTER = '.num_batches_tracked';

const MAX_HEADER_BYTES = 100_000_000; // the reference implementation's limit

/** Bytes of a safetensors file; tensors in the order of the record, the header padded to 8 bytes with spaces. */
export function encodeSafetensors({ tensors, metadata }: Safetensors): Uint8Array {
  const header: Record<string, unknown> = { __metadata__: metadata };
  let offset = 0;
  for (const [name, { shape, data }] of Object.entries(tensors)) {
    header[name] = { dtype: 'F32', shape, data_offsets: [offset, offset + data.byteLength] };
    offset += data.byteLength;
  }
  const json = Buffer.from(JSON.stringify(header));
  const headerLength = Math.ceil(json.length / 8) * 8;
  const bytes = new Uint8Array(8 + headerLength + offset).fill(0x20, 8, 8 + headerLength);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(headerLength), true);
  bytes.set(json, 8);
  let position = 8 + headerLength;
  for (const { data } of Object.values(tensors)) {
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), position);
    position += data.byteLength;
  }
  return bytes;
}

/**
 * Tensors and metadata of a safetensors file. PyTorch's counters (`num_batches_tracked`, int64) are passed over.
 *
 * @param file - named in errors
 * @throws WeightsError if the bytes are not safetensors, are cut off, or hold another tensor that is not float32
 */
export function decodeSafetensors(bytes: Uint8Array, file: string): Safetensors {
  const { entries, metadata } = decodeHeader(bytes, file);
  const tensors = Object.entries(entries).map(([name, { shape, begin, end }]) => {
    const copy = new Uint8Array(bytes.subarray(begin, end)); // a Float32Array needs an offset that is a multiple of 4
    return [name, { shape, data: new Float32Array(copy.buffer) }] as const;
  });
  return { tensors: Object.fromEntries(tensors), metadata };
}

/** Shapes of the tensors that `decodeSafetensors` would give, after the same checks. */
export function decodeShapes(bytes: Uint8Array, file: string): Record<string, { readonly shape: readonly number[] }> {
  return decodeHeader(bytes, file).entries;
}

/** A tensor in the file, from byte `begin` to `end`. */
interface Entry {
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

function decodeHeader(
  bytes: Uint8Array,
  file: string,
): { entries: Record<string, Entry>; metadata: Record<string, string> } {
  const fail = (problem: string): never => {
    throw new WeightsError(file, problem);
  };
  if (bytes.length < 8) fail(`${bytes.length} bytes are too short for a safetensors file`);
  const headerLength = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  if (headerLength > Math.min(MAX_HEADER_BYTES, bytes.length - 8)) {
    fail(`not a safetensors file, or cut off: its header says ${headerLength} bytes, the file has ${bytes.length}`);
  }
  const header = parseObject(Buffer.from(bytes.subarray(8, 8 + headerLength)).toString('utf8'));
  if (header === undefined) return fail('not a safetensors file: its header is no JSON object');
  const entries: Record<string, Entry> = {};
  for (const [name, value] of Object.entries(header)) {
    if (name === '__metadata__' || name.endsWith(COUNTER)) continue;
    const { dtype, shape, data_offsets: offsets } = (value ?? {}) as Record<string, unknown>;
    if (dtype !== 'F32') fail(`tensor ${name} is ${String(dtype)}; only F32 is read`);
    if (!isCounts(shape) || !isCounts(offsets) || offsets.length !== 2) fail(`tensor ${name} has a malformed entry`);
    const [begin, end] = (offsets as [number, number]).map((offset) => 8 + headerLength + offset) as [number, number];
    const size = (shape as number[]).reduce((a, b) => a * b, 1) * 4;
    if (end - begin !== size)
      fail(`tensor ${name} of shape [${String(shape)}] needs ${size} bytes, has ${end - begin}`);
    if (end > bytes.length) fail(`cut off: tensor ${name} ends past the file's ${bytes.length} bytes`);
    entries[name] = { shape: shape as number[], begin, end };
  }
  return { entries, metadata: (header.__metadata__ ?? {}) as Record<string, string> };
}

function parseObject(json: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(json);
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function isCounts(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((item) => Number.isSafeInteger(item) && (item as number) >= 0);
}
