import { type Row, speedup } from '../row.ts';
import { inPytorch } from './pytorch.ts';

const cases = [
  { size: 64, steps: 14 },
  { size: 32, steps: 40 },
];

export const marking: readonly Row[] = cases.map(({ size, steps }) => ({
  name: `mark-${size}`,
  work: `marking, ${size}×${size}, 120 versions`,
  unit: 'image-steps/s',
  ours: { name: 'optimizeVersions', file: 'mark.ts', args: [size, steps] },
  against: inPytorch('mark.py', [size, steps]),
  figure: speedup,
  format: 'times',
  limit: { kind: 'at least', value: 1, aim: 1.15 },
}));
