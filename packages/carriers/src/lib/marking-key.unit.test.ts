import { describe, expect, it } from '@jest/globals';
import { inspect } from 'node:util';
import { serialize } from 'node:v8';
import { InvalidArgumentError } from './errors.ts';
import { MarkingKey } from './marking-key.ts';

const bytes = Buffer.from('a3'.repeat(32), 'hex');
const key = new MarkingKey(bytes);

describe('MarkingKey', () => {
  it('shows the start of its id, and never itself', () => {
    const shown = `MarkingKey(${key.keyId.slice(0, 8)})`;
    expect(String(key)).toBe(shown);
    expect(inspect(key)).toBe(shown);
    expect(JSON.stringify({ key })).toBe(`{"key":"${shown}"}`);
    const everything = [
      inspect({ key }, { depth: Infinity, showHidden: true, customInspect: false, getters: true }),
      serialize(key).toString('latin1') + serialize(key).toString('hex'),
      JSON.stringify(Object.getOwnPropertyDescriptors(key)),
    ].join();
    expect(everything).not.toMatch(/a3a3a3|163, ?163|\xa3\xa3/i);
  });

  it('does not change with the bytes it was made from', () => {
    const copied = Buffer.from(bytes);
    const other = new MarkingKey(copied);
    const before = other.derive('test', 8);
    copied.fill(0);
    expect(other.derive('test', 8)).toEqual(before);
  });

  it('derives other bytes for every domain, and for every bit of the key', () => {
    const ids = new Set([key.keyId]);
    for (let bit = 0; bit < 256; bit++) {
      const flipped = Buffer.from(bytes);
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      ids.add(new MarkingKey(flipped).keyId);
    }
    for (const domain of ['carrier/class/1', 'carrier/class/11', 'carrier/image/1', 'published/class/1']) {
      ids.add(Buffer.from(key.derive(domain, 32)).toString('hex'));
    }
    expect(ids.size).toBe(1 + 256 + 4);
  });

  it('refuses another length without showing the bytes', () => {
    expect(() => new MarkingKey(bytes.subarray(0, 16))).toThrow(
      new InvalidArgumentError('carriers: a marking key has 32 bytes, found 16'),
    );
  });
});
