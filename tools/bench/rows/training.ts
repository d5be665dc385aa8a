import { type Program, type Row, speedup } from '../row.ts';
import { inPytorch } from './pytorch.ts';

const cases = [
  { size: 64, stem: 'imagenet', steps: 8 },
  { size: 32, stem: 'imagenet', steps: 30 },
  { size: 32, stem: 'small', steps: 3 },
] as const;

const names = { imagenet: 'ImageNet stem', small: '3×3 stem' };

/** PyTorch's batch is in memory and ready; ours is read, cropped, mirrored and normalised within its time. */
export const training: readonly Row[] = cases.map(({ size, stem, steps }) => {
  const ours: Program = { name: 'trainNetwork', file: 'train.ts', args: [size, stem, steps] };
  return {
    name: `train-${size}-${stem}`,
    work: `ResNet-18 training, ${size}×${size}, ${names[stem]}`,
    unit: 'images/s',
    ours,
    against: inPytorch('train.py', [size, stem, steps]),
    figure: speedup,
    format: 'times',
    limit: { kind: 'at least', value: 0.95, aim: 1.05 },
  };
});
