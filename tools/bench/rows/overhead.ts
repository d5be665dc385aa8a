import { readFileSync } from 'node:fs';
import { docs } from '../folders.ts';
import type { Row } from '../row.ts';

/** What the whole machinery adds to a small experiment, as a share of the time that the stages of CIFAR-10's took. */
export const overhead: Row = {
  name: 'overhead',
  work: 'what Temporal, run store and child processes add to an experiment, of the length of CIFAR-10’s',
  unit: 'experiments/s',
  ours: { name: 'server, worker, children', file: 'experiment.ts', args: ['temporal'] },
  against: [{ name: 'the stages in one process', file: 'experiment.ts', args: ['bare'] }],
  figure: (ours, against) => (1 / ours.rate - 1 / (against?.rate ?? NaN)) / cifar10Seconds(),
  format: 'percent',
  limit: { kind: 'at most', value: 0.03, aim: 0.01 },
};

function cifar10Seconds(): number {
  const { stages } = JSON.parse(readFileSync(docs.cifar10, 'utf8')) as { stages: { run: { seconds: number } }[] };
  return stages.reduce((sum, { run }) => sum + run.seconds, 0);
}
