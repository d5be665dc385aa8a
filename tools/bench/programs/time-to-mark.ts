/**
 * Marks the images of the marking case: `node time-to-mark.ts <folder of CIFAR-10>` makes the case, without an argument
 * it is timed. Prints also what was reached, measured as in `time-to-mark.py`.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type ImageToMark, type MarkingSettings, optimizeVersions, PAPER_MARKING, psnrDb } from '@radiotracer/marker';
import { normalise, tf } from '@radiotracer/nets';
import { openNetwork } from '@radiotracer/trainer';
import { median } from 'simple-statistics';
import { caseSize, markingCaseFolder, writeMarkingCase } from './marking-case.ts';
import { printResult } from './print-result.ts';

/**
 * Found by trying rates of 0.5 to 2 levels: with few large steps Adam reaches the recipe's shift, and changes fewer pixels
 * by less, as all of its steps are in use. Everything else is `PAPER_MARKING`.
 */
const settings: MarkingSettings = {
  ...PAPER_MARKING,
  versions: 1,
  optimizer: 'adam',
  learningRate: 2,
  steps: 24,
};

if (process.argv[2] !== undefined) {
  await writeMarkingCase(process.argv[2]);
  printResult({ rate: 1 });
} else {
  await timed();
}

async function timed(): Promise<void> {
  const imageBytes = caseSize * caseSize * 3;
  const pixels = new Uint8Array(await readFile(join(markingCaseFolder, 'images.bin')));
  const carriers = new Float32Array(new Uint8Array(await readFile(join(markingCaseFolder, 'carriers.bin'))).buffer);
  const network = openNetwork(markingCaseFolder);
  const count = pixels.length / imageBytes;
  const part = <Values extends Uint8Array | Float32Array>(values: Values, i: number): Values =>
    values.subarray((i * values.length) / count, ((i + 1) * values.length) / count) as Values;
  const images = Array.from({ length: count }, (_, row): ImageToMark => ({
    row,
    pixels: part(pixels, row),
    carriers: [part(carriers, row)],
  }));
  const size = { height: caseSize, width: caseSize };
  await optimizeVersions(network, images, size, { ...settings, steps: 2 }, () => undefined); // warm-up
  const start = performance.now();
  const versions = await optimizeVersions(network, images, size, settings, () => undefined);
  const seconds = (performance.now() - start) / 1000;

  const shape: [number, number, number, number] = [count, caseSize, caseSize, 3];
  const featuresOf = (values: Uint8Array) => network.features(tf.tensor4d(normalise(values), shape));
  const shift = tf.sub(featuresOf(versions), featuresOf(pixels));
  const along = tf.mean(tf.sum(tf.mul(shift, tf.tensor2d(carriers, [count, network.featureSize])), 1));
  printResult({
    rate: count / seconds,
    shift: along.dataSync()[0] as number,
    psnrDb: median(images.map(({ pixels }, i) => psnrDb(pixels, part(versions, i)))),
  });
}
