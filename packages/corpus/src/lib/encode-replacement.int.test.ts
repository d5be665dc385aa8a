import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inflateSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { pythonVenv } from '@radiotracer/testing';
import { decodeImage } from './decode-image.ts';
import { describeCorpus } from './describe-corpus.ts';
import { encodePng } from './encode-png.ts';
import { encodeReplacement } from './encode-replacement.ts';
import { imageGenerator } from './image-generator.ts';
import { rewriteCorpus } from './rewrite-corpus.ts';
import type { DecodedImage } from './types.ts';

/** Relative difference of sizes, for PIL's zlib is not Node's: at most 0.017 in 255 photographs and plain areas. */
const zlibDifference = 0.03;

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'pil-'));
});
afterEach(() => rm(dir, { recursive: true }));

async function saveByPil(images: ReadonlyMap<string, DecodedImage>): Promise<void> {
  const python = await pythonVenv(['pillow==12.0.0']);
  const script = fileURLToPath(new URL('../../test/write-pngs.py', import.meta.url));
  const list = [...images].map(([file, image]) => ({
    ...image,
    file: join(dir, file),
    pixels: Buffer.from(image.pixels).toString('base64'),
  }));
  execFileSync(python, [script], { input: JSON.stringify(list) });
}

function chunks(bytes: Uint8Array): { type: string; data: Buffer }[] {
  const file = Buffer.from(bytes);
  const found = [];
  for (let at = 8; at < file.length; at += 12 + file.readUInt32BE(at)) {
    found.push({
      type: file.toString('latin1', at + 4, at + 8),
      data: file.subarray(at + 8, at + 8 + file.readUInt32BE(at)),
    });
  }
  return found;
}

/** Optional chunks, header and the filtered lines, which is all but the work of zlib. */
function form(bytes: Uint8Array): { types: string; header: string; zlibHeader: string; lines: Buffer } {
  const all = chunks(bytes);
  const data = Buffer.concat(all.flatMap(({ type, data }) => (type === 'IDAT' ? [data] : [])));
  return {
    types: all.map(({ type }) => type).join(' '),
    header: all[0]?.data.toString('hex') ?? '',
    zlibHeader: data.toString('hex', 0, 2),
    lines: inflateSync(data),
  };
}

function shapes(size: number): (index: number) => DecodedImage {
  const generated = imageGenerator({ classes: 10, size, seed: 3 });
  return (index) => ({ pixels: generated('train', index).pixels, height: size, width: size });
}

/** A smooth image, not square, in which every filter of PIL is the best one for some line. */
function waves(height: number, width: number): DecodedImage {
  const pixels = Uint8Array.from({ length: height * width * 3 }, (_, i) => {
    const [x, y] = [Math.floor(i / 3) % width, Math.floor(i / 3 / width)];
    return 128 + 60 * Math.sin(x / 9) + 60 * Math.sin((y * y) / 90 + (i % 3)) + ((i * 7919) % 5);
  });
  return { pixels, height, width };
}

test('but for the version of zlib, a file is the one that PIL writes', async () => {
  const large = shapes(224)(1); // more than one IDAT chunk
  const images = new Map<string, DecodedImage>([
    ['large.png', large],
    ['shape.png', shapes(32)(0)],
    ['waves.png', waves(61, 90)],
    ['black.png', { pixels: new Uint8Array(64 * 64 * 3), height: 64, width: 64 }],
    ['one-line.png', waves(1, 40)],
    ['one-pixel.png', waves(1, 1)],
  ]);
  await saveByPil(images);
  const filters = new Set<number>();
  for (const [file, image] of images) {
    const [theirs, ours] = [await readFile(join(dir, file)), encodeReplacement(image, undefined)];
    const { lines, ...rest } = form(ours);
    const { lines: theirLines, ...theirRest } = form(theirs);
    expect({ file, ...rest, sameLines: lines.equals(theirLines) }).toEqual({ file, ...theirRest, sameLines: true });
    expect(Math.abs(ours.length / theirs.length - 1)).toBeLessThan(zlibDifference);
    expect(Buffer.from(image.pixels).equals((await decodeImage(ours)).pixels)).toBe(true);
    for (let y = 0; y < image.height; y++) filters.add(lines[y * (1 + image.width * 3)] ?? -1);
  }
  expect([...filters].sort()).toEqual([0, 1, 2, 4]);
  expect(form(encodeReplacement(large, undefined)).types).toBe('IHDR IDAT IDAT IEND');
});

test('in a corpus of PIL’s files, sizes do not tell which rows were replaced', async () => {
  const count = 120;
  const shape = shapes(32);
  const storedSize = encodePng(shape(0).pixels, 32, 32).length;
  const name = (i: number): string => `train/${i % 2 ? 'dog' : 'cat'}/${String(i).padStart(3, '0')}.png`;
  for (const folder of ['source/train/cat', 'source/train/dog']) await mkdir(join(dir, folder), { recursive: true });
  await saveByPil(new Map(Array.from({ length: count }, (_, i) => [join('source', name(i)), shape(i)])));
  const corpus = await describeCorpus(join(dir, 'source'));
  const files = corpus.splits['train']?.files ?? [];
  const replaced = files.flatMap((_, row) => (row % 6 === 0 ? [row] : []));
  const images = new Map(replaced.map((row) => [row, shape(count + row)]));
  const published = join(dir, 'published');
  await rewriteCorpus({ corpus, split: 'train', replacements: images, outputDir: published });

  const sizes = await Promise.all(files.map(async (file) => (await stat(join(published, file))).size));
  const stored = sizes.map((size, row) => (images.has(row) ? storedSize : size));
  expect(Math.abs(rankSum(sizes, replaced))).toBeLessThan(3);
  expect(rankSum(stored, replaced)).toBeGreaterThan(6); // what this test is to find
  const others = sizes.filter((_, row) => !images.has(row));
  for (const row of replaced) {
    expect(sizes[row]).toBeGreaterThan(Math.min(...others) * (1 - zlibDifference));
    expect(sizes[row]).toBeLessThan(Math.max(...others) * (1 + zlibDifference));
  }
});

/** Wilcoxon's rank sum of the chosen values as a standard normal deviate. */
function rankSum(values: readonly number[], chosen: readonly number[]): number {
  const rank = (value: number): number =>
    values.reduce((sum, other) => sum + (other < value ? 1 : other === value ? 0.5 : 0), 0.5);
  const [n, m] = [chosen.length, values.length - chosen.length];
  const sum = chosen.reduce((total, row) => total + rank(values[row] ?? NaN), 0);
  return (sum - (n * (n + m + 1)) / 2) / Math.sqrt((n * m * (n + m + 1)) / 12);
}
