import { join } from 'node:path';
import { dataFolder, preparedFolder } from '../folders.ts';
import { runProgram } from '../measure.ts';
import { type Row, speedup } from '../row.ts';

const cifar10 = join(dataFolder, 'cifar10');

/** Faster counts only where the mark is at least as strong, and the image no worse. */
export const timeToMark: Row = {
  name: 'time-to-mark',
  work: 'marking to the shift along the carrier that the authors’ 900 SGD steps reach, at their PSNR',
  unit: 'images/s',
  ours: { name: 'optimizeVersions', file: 'time-to-mark.ts', args: [] },
  against: [{ name: 'their recipe in PyTorch', file: 'time_to_mark.py', args: [join(preparedFolder, 'marking')] }],
  figure: (ours, against) =>
    (ours.shift ?? NaN) >= (against?.shift ?? NaN) && (ours.psnrDb ?? NaN) >= (against?.psnrDb ?? NaN)
      ? speedup(ours, against)
      : 0,
  format: 'times',
  limit: { kind: 'at least', value: 5, aim: 10 },
  needs: [cifar10],
  prepare: async () => {
    await runProgram({ name: 'prepare', file: 'time-to-mark.ts', args: [cifar10] });
  },
};
