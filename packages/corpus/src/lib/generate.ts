import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Stage } from '@radiotracer/store';
import { cardFile, datasetCard } from './dataset-card.ts';
import { describeCorpus } from './describe-corpus.ts';
import { encodePng } from './encode-png.ts';
import { CorpusSettingsError } from './errors.ts';
import { imageGenerator } from './image-generator.ts';
import { ParquetImageWriter } from './parquet-writer.ts';
import type { GeneratedFacts, GenerateInput } from './types.ts';

/** Images of one Parquet file. */
const imagesPerFile = 10_000;
/** Images between two reports of progress, after which other work gets a turn. */
const reportEvery = 100;

/** Folder of the corpus inside the artefact. */
export const generatedFolder = 'corpus';

/**
 * Makes a corpus by a formula, in the Hugging Face layout: no download, any number of images, the same bytes for the
 * same input on every machine. See `imageGenerator` for what it shows.
 *
 * @throws CorpusSettingsError if a setting is not an integer, or too small
 */
export const generate: Stage<GenerateInput, GeneratedFacts> = {
  name: 'generate',
  version: 2,
  async run(input, { outputDir, report, signal }) {
    check(input);
    const { classes, trainImages, testImages, size, seed } = input;
    const dir = join(outputDir, generatedFolder);
    await mkdir(dir);
    const classNames = Array.from({ length: classes }, (_, label) => `fractal-${label}`);
    const image = imageGenerator(input);
    const counts = { train: trainImages, test: testImages };
    const splits: { name: string; images: number; sizeBytes: number; patterns: string[] }[] = [];
    let done = 0;
    for (const split of ['train', 'test'] as const) {
      const count = counts[split];
      const files = Math.ceil(count / imagesPerFile);
      let sizeBytes = 0;
      for (let file = 0; file < files; file++) {
        const name = `${split}-${fiveDigits(file)}-of-${fiveDigits(files)}.parquet`;
        const writer = new ParquetImageWriter(join(dir, name), classNames);
        for (let i = file * imagesPerFile; i < Math.min(count, (file + 1) * imagesPerFile); i++) {
          const { pixels, label } = image(split, i);
          const png = encodePng(pixels, size, size);
          await writer.append(png, label);
          sizeBytes += png.length;
          if (++done % reportEvery !== 0) continue;
          report({ done, total: trainImages + testImages, unit: 'images' });
          await new Promise(setImmediate);
          signal.throwIfAborted();
        }
        await writer.close();
      }
      splits.push({ name: split, images: count, sizeBytes, patterns: [`${split}-*.parquet`] });
    }
    const title = `Fractal shapes, ${classes} classes, ${size}×${size}`;
    const text = `Made by Radiotracer's image generator from the seed ${seed}. No photograph was used.`;
    await writeFile(join(dir, cardFile), datasetCard({ title, text, license: 'cc0-1.0', classNames, splits }));
    const { digest } = await describeCorpus(dir);
    return { classes, trainImages, testImages, size, seed, digest };
  },
};

function check(input: GenerateInput): void {
  const least = { classes: 2, trainImages: 1, testImages: 1, size: 8, seed: 0 };
  for (const [name, minimum] of Object.entries(least) as [keyof GenerateInput, number][]) {
    if (!Number.isSafeInteger(input[name]) || input[name] < minimum) {
      throw new CorpusSettingsError(`${name} must be an integer of at least ${minimum}, got ${input[name]}`);
    }
  }
}

function fiveDigits(value: number): string {
  return String(value).padStart(5, '0');
}
