import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { chooseImages } from './choose-images.ts';
import { classShares } from './class-shares.ts';
import { InvalidArgumentError } from './errors.ts';
import { MarkingKey } from './marking-key.ts';

const key = new MarkingKey(Buffer.alloc(32, 11));
const cifar = Uint8Array.from({ length: 50_000 }, (_, row) => (row * 7) % 10);

describe('chooseImages', () => {
  it('chooses 50 of each class for 1% of 50,000 images of 10 classes', () => {
    const rows = chooseImages(key, { labels: cifar, fraction: 0.01 });
    expect(rows).toHaveLength(500);
    for (let label = 0; label < 10; label++) expect(rows.filter((row) => cifar[row] === label)).toHaveLength(50);
  });

  it('chooses the exact share, distinct rows in order, each class within one of its due', () => {
    const labels = fc.array(fc.nat(5), { minLength: 1, maxLength: 300 });
    fc.assert(
      fc.property(labels, fc.double({ min: 0.001, max: 1, noNaN: true }), (labels, fraction) => {
        const total = Math.round(fraction * labels.length);
        fc.pre(total >= 1);
        const rows = chooseImages(key, { labels, fraction });
        expect(rows).toHaveLength(total);
        expect(rows).toEqual([...new Set(rows)].sort((a, b) => a - b));
        for (const [label, share] of classShares({ labels, fraction })) {
          const due = (total * labels.filter((other) => other === label).length) / labels.length;
          expect(rows.filter((row) => labels[row] === label)).toHaveLength(share);
          expect(Math.abs(share - due)).toBeLessThan(1);
        }
      }),
    );
  });

  it('chooses among what a larger fraction chooses', () => {
    const larger = new Set(chooseImages(key, { labels: cifar, fraction: 0.05 }));
    expect(chooseImages(key, { labels: cifar, fraction: 0.01 }).every((row) => larger.has(row))).toBe(true);
  });

  it('chooses every row equally often over keys', () => {
    const labels = [0, 0, 0, 0, 0, 1, 1, 1, 1, 1];
    const counts = new Array<number>(10).fill(0);
    for (let i = 0; i < 1500; i++) {
      const bytes = Buffer.alloc(32);
      bytes.writeUInt32LE(i);
      for (const row of chooseImages(new MarkingKey(bytes), { labels, fraction: 0.4 })) {
        counts[row] = (counts[row] ?? 0) + 1;
      }
    }
    // Binomial(1500, 0.4): within 4 σ.
    for (const count of counts) expect(Math.abs(count - 600)).toBeLessThan(4 * Math.sqrt(1500 * 0.4 * 0.6));
  });

  it('gives what is left to the largest remainders, of equal ones to the lower label', () => {
    expect([...classShares({ labels: [2, 2, 1, 1, 0, 0], fraction: 0.5 })]).toEqual([
      [0, 1],
      [1, 1],
      [2, 1],
    ]);
    expect([...classShares({ labels: [1, 1, 0, 0], fraction: 0.25 })]).toEqual([
      [0, 1],
      [1, 0],
    ]);
  });

  it('refuses a fraction of less than one image, outside (0, 1], or a label that is none', () => {
    expect(() => chooseImages(key, { labels: [0, 1], fraction: 0.01 })).toThrow(
      new InvalidArgumentError('carriers: a fraction of 0.01 of 2 images is less than one image; raise it'),
    );
    expect(() => chooseImages(key, { labels: [], fraction: 1 })).toThrow('of 0 images is less than one image');
    for (const fraction of [0, -0.1, 1.01, NaN]) {
      expect(() => chooseImages(key, { labels: [0, 1], fraction })).toThrow('fraction must be in (0, 1]');
    }
    expect(() => chooseImages(key, { labels: [0, -1], fraction: 1 })).toThrow('label of row 1 must be an integer');
  });
});
