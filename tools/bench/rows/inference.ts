import { type Row, speedup } from '../row.ts';
import { inPytorch } from './pytorch.ts';

const cases = [
  { size: 64, images: 1500 },
  { size: 32, images: 5000 },
];

export const inference: readonly Row[] = cases.map(({ size, images }) => ({
  name: `infer-${size}`,
  work: `features and losses, ${size}×${size}`,
  unit: 'images/s',
  ours: { name: 'predict, extractFeatures', file: 'infer.ts', args: [size, images] },
  against: inPytorch('infer.py', [size, images]),
  figure: speedup,
  format: 'times',
  limit: { kind: 'at least', value: 1, aim: 1.3 },
}));
