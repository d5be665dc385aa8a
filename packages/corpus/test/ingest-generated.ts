/** Ingests `images` generated images in `folder`, and prints the peak of its resident memory in MB. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { encodePng, imageGenerator, ingest } from '../src/index.ts';
import { describeCorpus } from '../src/lib/describe-corpus.ts';
import { ParquetImageWriter } from '../src/lib/parquet-writer.ts';

const [folder = '', images = ''] = process.argv.slice(2);
const size = 96;
const corpus = join(folder, 'corpus');
mkdirSync(corpus);
const writer = new ParquetImageWriter(join(corpus, 'train-00000-of-00001.parquet'), ['a', 'b']);
const { pixels } = imageGenerator({ classes: 2, size, seed: 1 })('train', 0);
for (let i = 0; i < Number(images); i++) {
  pixels[0] = i % 256;
  await writer.append(encodePng(pixels, size, size), i % 2);
}
await writer.close();
const context = {
  outputDir: join(folder, 'shards'),
  scratchDir: folder,
  logDir: folder,
  locations: { corpus },
  open: () => Promise.reject(new Error('opens nothing')),
  report: () => undefined,
  signal: new AbortController().signal,
};
await ingest.run({ source: { digest: (await describeCorpus(corpus)).digest }, split: 'train' }, context);
console.log(Math.round(process.resourceUsage().maxRSS / 1024));
