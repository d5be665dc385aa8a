import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { sha256File } from '@radiotracer/store';
import { writeCifar, writeImageFolder, writeParquet } from '../../test/write-corpora.ts';
import { describeCorpus } from './describe-corpus.ts';
import { rewriteCorpus } from './rewrite-corpus.ts';
import type { DecodedImage } from './types.ts';

/** Images of 786 kB: 43 are 32 MiB. */
const side = 512;
const total = 110;

let dir: string;
let source: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'rewrite-resume-'));
  source = join(dir, 'source');
});
afterEach(() => rm(dir, { recursive: true }));

/** @returns images that the attempt says are done, one number a report */
async function attempt(name: string, image: DecodedImage, until = Infinity): Promise<number[]> {
  const abort = new AbortController();
  const done: number[] = [];
  const scratchDir = join(dir, `${name}-scratch`);
  await mkdir(scratchDir, { recursive: true });
  await rm(join(dir, name), { recursive: true, force: true });
  const rewriting = rewriteCorpus({
    corpus: await describeCorpus(source),
    split: 'train',
    replacements: new Map([3, 60, 100].map((row) => [row, image])),
    ...{ outputDir: join(dir, name), scratchDir, signal: abort.signal },
    report: (progress) => {
      done.push(progress.done);
      if (progress.done >= until) abort.abort(new Error('power cut'));
    },
  });
  if (until === Infinity) await rewriting;
  else await expect(rewriting).rejects.toThrow('power cut');
  return done;
}

/** Every file by its name, with all that could tell how it came into being. */
async function contentOf(name: string): Promise<unknown[]> {
  const names = (await readdir(join(dir, name), { recursive: true })).sort();
  return Promise.all(
    names.map(async (file) => {
      const { mode, mtimeMs } = await stat(join(dir, name, file));
      const content = await sha256File(join(dir, name, file)).catch(() => 'a folder');
      return { file, mode, mtimeMs, content };
    }),
  );
}

const grey = (of: number): DecodedImage => ({ pixels: new Uint8Array(of * of * 3).fill(99), height: of, width: of });

test.each([
  ['class folders', () => writeImageFolder(source, total, side), grey(side), [30, 44, 50, 86], [0, 0, 43, 43, 86]],
  ['Parquet', () => writeParquet(source, [44, 20, 46], side), grey(side), [30, 44, 50], [0, 44, 44, 44]],
  ['CIFAR, all of it one part', () => writeCifar(source, [44, 20, 46, 0, 0]), grey(32), [30, 64], [0, 0, 0]],
])('%s: goes on after the files that were finished, to the same files', async (_, write, image, stops, begins) => {
  await write();
  await writeFile(join(source, 'README.md'), '# Card');
  await attempt('undisturbed', image);
  for (const [i, until] of [...stops, Infinity].entries()) {
    const done = await attempt('published', image, until);
    expect({ until, begun: done[0] }).toEqual({ until, begun: begins[i] });
  }
  expect(await contentOf('published')).toEqual(await contentOf('undisturbed'));
});

test('a file that is not as it was written is written again', async () => {
  await writeImageFolder(source, total, side);
  await attempt('undisturbed', grey(side));
  await attempt('published', grey(side), 100);
  const scratch = join(dir, 'published-scratch');
  const kept = (await readdir(scratch, { recursive: true })).find((name) => name.endsWith('000050.png')) ?? '';
  const bytes = await readFile(join(scratch, kept));
  bytes[1000] = (bytes[1000] as number) ^ 1;
  await writeFile(join(scratch, kept), bytes);
  const done = await attempt('published', grey(side));
  expect([...new Set(done)]).toEqual(Array.from({ length: total - 43 + 1 }, (_, i) => 43 + i));
  expect(await contentOf('published')).toEqual(await contentOf('undisturbed'));
});
