import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { WeightsError } from './errors.ts';
import { decodeSafetensors, encodeSafetensors } from './safetensors.ts';

const TWO = encodeSafetensors({
  tensors: {
    'fc.bias': { shape: [2], data: Float32Array.of(1.5, -2) },
    'fc.weight': { shape: [2, 3], data: Float32Array.of(1, 2, 3, 4, 5, 6) },
  },
  metadata: { format: 'pt' },
});

/** Bytes of a file with this header and as many zero bytes of data. */
function fileOf(header: unknown, dataBytes = 0): Uint8Array {
  const json = Buffer.from(typeof header === 'string' ? header : JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  return Buffer.concat([length, json, Buffer.alloc(dataBytes)]);
}

describe('safetensors', () => {
  it('gives back every tensor, name and metadata', () => {
    const dimension = fc.integer({ min: 0, max: 4 });
    const tensor = fc
      .array(dimension, { maxLength: 4 })
      .chain((shape) =>
        fc
          .float32Array({ minLength: size(shape), maxLength: size(shape), noNaN: true })
          .map((data) => ({ shape, data })),
      );
    const name = fc.string({ unit: 'grapheme', minLength: 1 }).filter((text) => !text.startsWith('__'));
    const record = <T>(value: fc.Arbitrary<T>) => fc.dictionary(name, value, { noNullPrototype: true });
    fc.assert(
      fc.property(record(tensor), record(fc.string()), (tensors, metadata) => {
        expect(decodeSafetensors(encodeSafetensors({ tensors, metadata }), 'file')).toEqual({ tensors, metadata });
      }),
    );
  });

  it('aligns tensors to 8 bytes, as the reference implementation does', () => {
    expect(Number(new DataView(TWO.buffer).getBigUint64(0, true)) % 8).toBe(0);
  });

  it('reads from a view at any offset, such as a pooled Buffer', () => {
    const shifted = Buffer.alloc(TWO.length + 3);
    shifted.set(TWO, 3);
    expect(decodeSafetensors(shifted.subarray(3), 'file')).toEqual(decodeSafetensors(TWO, 'file'));
  });

  it('reads a state_dict of PyTorch, whose counters are int64, and passes them over', () => {
    const entry = { dtype: 'F32', shape: [2], data_offsets: [8, 16] };
    const counter = { dtype: 'I64', shape: [], data_offsets: [0, 8] };
    const file = fileOf({ 'bn1.num_batches_tracked': counter, 'bn1.bias': entry }, 16);
    expect(Object.keys(decodeSafetensors(file, 'file').tensors)).toEqual(['bn1.bias']);
    const other = fileOf({ 'bn1.steps': counter }, 8);
    expect(() => decodeSafetensors(other, 'file')).toThrow('tensor bn1.steps is I64; only F32 is read');
  });

  it('refuses a file that is cut off anywhere', () => {
    for (let length = 0; length < TWO.length; length++) {
      expect(() => decodeSafetensors(TWO.subarray(0, length), 'w.safetensors')).toThrow(WeightsError);
    }
    expect(() => decodeSafetensors(TWO.subarray(0, TWO.length - 1), 'w.safetensors')).toThrow(
      /^nets: w\.safetensors: cut off: tensor fc\.weight ends past/,
    );
  });

  it('refuses bytes that are no safetensors, without any other error', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.json(), (bytes, json) => {
        for (const file of [bytes, fileOf(json)]) {
          try {
            decodeSafetensors(file, 'file');
          } catch (error) {
            expect(error).toBeInstanceOf(WeightsError);
          }
        }
      }),
    );
  });

  it.each([
    [{ a: { dtype: 'F16', shape: [2], data_offsets: [0, 4] } }, 'tensor a is F16; only F32 is read'],
    [{ a: { dtype: 'F32', shape: [2], data_offsets: [0, 4] } }, 'tensor a of shape [2] needs 8 bytes, has 4'],
    [{ a: { dtype: 'F32', shape: [-1], data_offsets: [0, 4] } }, 'tensor a has a malformed entry'],
    [{ a: { dtype: 'F32', shape: [1], data_offsets: [0] } }, 'tensor a has a malformed entry'],
    [{ a: null }, 'tensor a is undefined; only F32 is read'],
    [[1], 'not a safetensors file: its header is no JSON object'],
    ['{', 'not a safetensors file: its header is no JSON object'],
  ])('says what is wrong with the header %j', (header, problem) => {
    expect(() => decodeSafetensors(fileOf(header, 8), 'w.safetensors')).toThrow(`nets: w.safetensors: ${problem}`);
  });

  it('says that it cannot be retried', () => {
    expect(new WeightsError('file', 'problem')).toMatchObject({ file: 'file', retryable: false });
  });
});

function size(shape: readonly number[]): number {
  return shape.reduce((a, b) => a * b, 1);
}
