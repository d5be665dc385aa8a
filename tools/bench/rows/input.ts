import type { Row } from '../row.ts';

const cases = [
  { size: 64, steps: 6 },
  { size: 32, steps: 16 },
];

export const input: readonly Row[] = cases.map(({ size, steps }) => ({
  name: `input-${size}`,
  work: `training input, ${size}×${size}: share of the time that the step waits for it`,
  unit: 'images/s',
  ours: { name: 'trainNetwork', file: 'input.ts', args: [size, steps] },
  against: [],
  figure: ({ waiting = NaN }) => waiting,
  format: 'percent',
  limit: { kind: 'at most', value: 0.02, aim: 0 },
}));
