import { type Row, slowdown } from '../row.ts';

export const detection: Row = {
  name: 'detection',
  work: 'detection of one model, 10,000 images',
  unit: 'images/s',
  ours: { name: 'extractEvidence, judge', file: 'detect.ts', args: ['evidence'] },
  against: [{ name: 'forward passes alone', file: 'detect.ts', args: ['passes'] }],
  figure: slowdown,
  format: 'times',
  limit: { kind: 'at most', value: 1.2, aim: 1.05 },
};
