import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { type Candidates, candidatesDigest } from './candidates.ts';
import { carrier } from './carrier.ts';
import type { CarrierOptions } from './carrier.ts';
import { chooseImages } from './choose-images.ts';
import { commit } from './commitment.ts';
import { drawPublished } from './draw-published.ts';
import { MarkingKey } from './marking-key.ts';
import { SecretStream } from './secret-stream.ts';

interface Golden {
  labels: number[];
  manifest: string;
  candidates: Omit<Candidates, 'keyId'>;
  cases: {
    key: string;
    keyId: string;
    keystream: string;
    uniformInts: { n: number; values: number[] }[];
    uniforms: number[];
    normals: number[];
    carriers: (CarrierOptions & { float32: string })[];
    candidatesDigest: string;
    published: { carrierUnit: Candidates['carrierUnit']; beacon: string | null; drawn: number[] }[];
    choices: { fraction: number; rows: number[] }[];
    commitment: string;
  }[];
}

// Computed by generate-golden.py beside it, which shares no code with this package.
const golden = JSON.parse(readFileSync(new URL('../../test/fixtures/golden.json', import.meta.url), 'utf8')) as Golden;

describe.each(golden.cases)('with key id $keyId, an independent implementation in Python agrees on', (expected) => {
  const key = new MarkingKey(Buffer.from(expected.key, 'hex'));

  it('the key id', () => expect(key.keyId).toBe(expected.keyId));

  it('the keystream', () => {
    const stream = new SecretStream(key, 'test/keystream');
    const words = Uint32Array.from({ length: 16 }, () => stream.uniformInt(2 ** 32));
    expect(Buffer.from(words.buffer).toString('hex')).toBe(expected.keystream);
  });

  it('the numbers, to the last bit', () => {
    const stream = new SecretStream(key, 'test/numbers');
    for (const { n, values } of expected.uniformInts) expect(values.map(() => stream.uniformInt(n))).toEqual(values);
    expect(expected.uniforms.map(() => stream.uniform())).toEqual(expected.uniforms);
    expect(expected.normals.map(() => stream.normal())).toEqual(expected.normals);
  });

  it('the carriers, to the last bit', () => {
    for (const { float32, ...options } of expected.carriers) {
      expect(Buffer.from(carrier(key, options).buffer).toString('hex')).toBe(float32);
    }
  });

  it('the published versions', () => {
    const candidates = { ...golden.candidates, keyId: key.keyId };
    expect(candidatesDigest(candidates)).toBe(expected.candidatesDigest);
    for (const { carrierUnit, beacon, drawn } of expected.published) {
      expect(drawPublished(key, { ...candidates, carrierUnit }, beacon ?? undefined)).toEqual(drawn);
    }
  });

  it('the images', () => {
    for (const { fraction, rows } of expected.choices) {
      expect(chooseImages(key, { labels: golden.labels, fraction })).toEqual(rows);
    }
  });

  it('the commitment', () => expect(commit(key, Buffer.from(golden.manifest))).toBe(expected.commitment));
});
