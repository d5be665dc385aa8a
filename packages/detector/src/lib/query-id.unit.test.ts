import { createHash } from 'node:crypto';
import { expect, it } from '@jest/globals';
import { drawPublished, MarkingKey } from '@radiotracer/carriers';
import { uniformKolmogorovSmirnov } from '@radiotracer/stats';

import { queryId } from './query-id.ts';

const key = new MarkingKey(createHash('sha256').update('a key for tests').digest());
const commitment = 'c'.repeat(64);

it('is 24 hex digits, and another one for every key, publication, row, version and view', () => {
  const id = queryId(key, commitment, { row: 7, version: 1 });
  expect(id).toMatch(/^[\da-f]{24}$/);
  expect(queryId(key, commitment, { row: 7, version: 1 })).toBe(id);
  const others = [
    queryId(new MarkingKey(Buffer.alloc(32, 1)), commitment, { row: 7, version: 1 }),
    queryId(key, 'd'.repeat(64), { row: 7, version: 1 }),
    queryId(key, commitment, { row: 71, version: 1 }),
    queryId(key, commitment, { row: 1, version: 7 }),
    queryId(key, commitment, { row: 7, version: 1, view: 0 }),
    queryId(key, commitment, { row: 7, version: 1, view: 1 }),
  ];
  expect(new Set([id, ...others]).size).toBe(7);
});

it('puts published versions anywhere among their decoys, and the versions of an image anywhere among all', () => {
  const [rows, versions] = [1000, 4];
  const ids = Array.from({ length: rows }, (_, row) =>
    Array.from({ length: versions }, (_, version) => queryId(key, commitment, { row, version })),
  );
  const hash = '0'.repeat(64);
  const images = ids.map((_, row) => ({ row, label: 0, versionSha256: Array<string>(versions).fill(hash) }));
  const corpus = { keyId: key.keyId, split: 'train', classNames: ['cat'], height: 32, width: 32 };
  const candidates = { ...corpus, markingNetworkSha256: hash, carrierUnit: 'image' as const };
  const drawn = drawPublished(key, { ...candidates, versions, images });
  const published = ids.map((of, row) => of[drawn[row] as number] as string);
  const sorted = ids.flat().sort();
  const place = new Map(sorted.map((id, i) => [id, (i + 0.5) / sorted.length]));
  const places = (of: readonly string[]): number[] => of.map((id) => place.get(id) as number);
  for (const some of [places(published), places(ids.slice(0, rows / 4).flat())]) {
    expect(uniformKolmogorovSmirnov(some).log10P).toBeGreaterThan(-3);
  }
});
