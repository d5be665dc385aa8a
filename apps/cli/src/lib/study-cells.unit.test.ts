import { expect, test } from '@jest/globals';
import { studyCells } from './study-cells.ts';
import type { Study } from './study.ts';

const study: Study = { title: 'a study', runs: 3, concurrency: 1, settings: { training: { epochs: 2 } }, grid: {} };
const cells = (grid: Study['grid'], more: Partial<Study> = {}) => studyCells({ ...study, ...more, grid }, 'my.yaml');

test('every combination of values is a cell, the last setting varying fastest', () => {
  const found = cells({ 'marking.markedFraction': [0.01, 0.005], 'marking.selection': ['random', 'hardest'] });
  expect(found.map(({ name }) => name)).toEqual([
    'markedFraction 0.01, selection random',
    'markedFraction 0.01, selection hardest',
    'markedFraction 0.005, selection random',
    'markedFraction 0.005, selection hardest',
  ]);
  expect(found[2]?.varied).toEqual({ 'marking.markedFraction': 0.005, 'marking.selection': 'random' });
  expect(found[2]?.settings).toMatchObject({
    marking: { markedFraction: 0.005, selection: 'random', versions: 10 },
    training: { epochs: 2 },
  });
});

test('settings that belong together vary together', () => {
  const found = cells({ marking: [{ radius: 4, versions: 5 }, { radius: 8 }], 'training.epochs': [3] });
  expect(
    found.map(({ settings: { marking, training } }) => [marking.radius, marking.versions, training.epochs]),
  ).toEqual([
    [4, 5, 3],
    [8, 10, 3],
  ]);
});

test('a study without a grid has one cell', () => {
  expect(cells({})).toMatchObject([{ varied: {}, name: '', settings: { training: { epochs: 2 } } }]);
});

test.each<[Study['grid'], Partial<Study>, string]>([
  [{ 'marking.radios': [4] }, {}, 'my.yaml: grid: unknown field "marking.radios"; did you mean "radius"?'],
  [{ 'marking.radius': [4, 0] }, {}, 'my.yaml: grid: marking.radius: found 0, expected a whole number in 1..255'],
  [{}, { settings: { training: 3 } }, 'my.yaml: settings: training: found 3, expected the settings of a training'],
  [{ seed: [1, 2] }, {}, 'my.yaml: grid.seed: the seeds follow from settings.seed'],
  [{ 'marking.radius': [4, 4] }, {}, 'grid: "radius 4" and "radius 4" are the same experiment'],
  [{ 'marking.steps': [8, 9] }, { runs: 501 }, 'grid: found 1002 experiments (cells × runs), expected at most 1000'],
])('refuses %j %j', (grid, more, message) => {
  expect(() => cells(grid, more)).toThrow(message);
});
