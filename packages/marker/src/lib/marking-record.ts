import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { MarkingError } from './errors.ts';
import type { MarkingRecord, VersionsFacts } from './types.ts';

const FILE = 'marking.json';

export async function writeMarkingRecord(folder: string, record: MarkingRecord): Promise<void> {
  await writeFile(join(folder, FILE), JSON.stringify(record));
}

export async function readMarkingRecord(folder: string): Promise<MarkingRecord> {
  return JSON.parse(await readFile(join(folder, FILE), 'utf8')) as MarkingRecord;
}

/**
 * What is worth knowing of versions at once.
 *
 * @throws MarkingError if marking left every image as it was: such a corpus carries no evidence
 */
export function versionsFacts({ versions, carrierUnit, images }: MarkingRecord): VersionsFacts {
  const psnr = images.flatMap((image) => image.psnrDb).filter((db) => db !== null);
  const median = psnr.sort((a, b) => a - b)[Math.floor(psnr.length / 2)];
  if (median === undefined) {
    throw new MarkingError(
      'no version differs from its image; raise marking.steps or marking.learningRate, or lower marking.lambdaImageL2',
    );
  }
  const cosines = images.flatMap((image) => image.cosine);
  return {
    marked: images.length,
    versions,
    carrierUnit,
    medianPsnrDb: median,
    maxLinf: images.flatMap((image) => image.linf).reduce((a, b) => Math.max(a, b), 0),
    meanCosine: cosines.reduce((a, b) => a + b, 0) / cosines.length,
  };
}
