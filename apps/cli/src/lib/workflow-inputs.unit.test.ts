import { expect, test } from '@jest/globals';
import { resolveSettings } from './resolve-settings.ts';
import { studyCells } from './study-cells.ts';
import { experimentInput, markInput, placesHash, sweepInput, trainInput, workflowId } from './workflow-inputs.ts';

const places = {
  store: '/store',
  locations: { corpus: '/data', key: '/key' },
  corpus: { digest: 'd'.repeat(64), trainSplit: 'train', testSplit: 'test' },
  keyId: 'k'.repeat(64),
  title: 'an experiment',
};

test('marking network, suspect and controls have seeds of their own', () => {
  const settings = resolveSettings([{ origin: 'test', values: { seed: 40, controls: 3 } }]);
  const { training, marking } = experimentInput(settings, places);
  expect([training.marking.seed, training.suspect.seed]).toEqual([40, 41]);
  expect(training.controls.map(({ seed }) => seed)).toEqual([42, 43, 44]);
  expect(marking.seed).toBe(40);
});

test('a network trained by itself is the suspect of the experiment, and never the marking network', () => {
  const settings = resolveSettings([]);
  const { training } = trainInput(settings, places);
  expect(training).toEqual(experimentInput(settings, places).training.suspect);
  expect(training.seed).not.toBe(markInput(settings, places).training.seed);
});

test('marking by itself is the first half of the experiment', () => {
  const settings = resolveSettings([{ origin: 'test', values: { markingNetwork: { epochs: 3 } } }]);
  const experiment = experimentInput(settings, places);
  const mark = markInput(settings, places);
  expect(mark.training).toEqual(experiment.training.marking);
  expect(mark.training.epochs).toBe(3);
  expect(mark.marking).toEqual(experiment.marking);
});

test('suspect and controls have what they do otherwise, the marking network does not', () => {
  const suspect = { architecture: { name: 'vgg16' }, training: { learningRate: 0.01 } };
  const settings = resolveSettings([{ origin: 'test', values: { training: { epochs: 3 }, suspect } }]);
  const input = experimentInput(settings, places);
  expect(input.architecture.name).toBe('resnet18');
  expect(input.suspectArchitecture).toEqual({ ...input.architecture, name: 'vgg16' });
  const rates = [input.training.marking, input.training.suspect, ...input.training.controls];
  expect(rates.map(({ learningRate, epochs }) => [learningRate, epochs])).toEqual([
    [0.1, 3],
    [0.01, 3],
    [0.01, 3],
  ]);
  expect(markInput(settings, places).training.learningRate).toBe(0.1);
  expect(trainInput(settings, places)).toMatchObject({
    architecture: { name: 'vgg16' },
    training: { learningRate: 0.01 },
  });
});

test('a network to fine-tune is trained as the marking network but for what differs, with the seed of the suspect', () => {
  const suspect = { training: { epochs: 2 }, pretraining: { learningRate: 0.05 } };
  const values = { seed: 40, training: { epochs: 3 }, suspect };
  const { training } = experimentInput(resolveSettings([{ origin: 'test', values }]), places);
  expect(training.pretraining).toMatchObject({ epochs: 3, learningRate: 0.05, seed: 41 });
  expect(training.suspect).toMatchObject({ epochs: 2, learningRate: 0.1 });
});

test('teachers are trained as the marking network, students as suspect and controls', () => {
  const suspect = { training: { epochs: 2 }, distillation: {} };
  const values = { training: { epochs: 3 }, suspect };
  const { training, distillation } = experimentInput(resolveSettings([{ origin: 'test', values }]), places);
  expect(distillation).toMatchObject({ temperature: 4, teacher: { epochs: 3 } });
  expect(training.suspect.epochs).toBe(2);
});

test('last layers are trained with privacy by settings of their own, which no network has', () => {
  const suspect = { training: { weightDecay: 0, privacy: { noiseMultiplier: 2, epochs: 5 } } };
  const settings = resolveSettings([{ origin: 'test', values: { layers: 'last', suspect } }]);
  const { privacy, training } = experimentInput(settings, places);
  expect(privacy).toEqual({ noiseMultiplier: 2, maxGradNorm: 1, epochs: 5, batchSize: 256, learningRate: 0.1 });
  expect(training.suspect).toMatchObject({ weightDecay: 0, epochs: 12 });
  for (const one of [training.marking, training.suspect, ...training.controls])
    expect(one).not.toHaveProperty('privacy');
});

test('what was computed before a setting came is found again: where it is left out, no input has it', () => {
  const settings = resolveSettings([]);
  const { keyId: _, title: __, ...rest } = places;
  const study = { title: 'a study', runs: 1, concurrency: 1, settings: {}, grid: { 'marking.radius': [5, 8] } };
  const sweep = sweepInput(study, studyCells(study, 'my.yaml'), { ...rest, keyIds: [places.keyId] });
  expect([
    workflowId('experiment', experimentInput(settings, places)),
    workflowId('mark', markInput(settings, places)),
    workflowId('train', trainInput(settings, places)),
    workflowId('sweep', sweep),
  ]).toEqual(['experiment-2a014ab29b', 'mark-f5b103e64f', 'train-45ec7cc289', 'sweep-1fa8c108d0']);
});

test('the level is a power of ten for the workflow', () => {
  expect(experimentInput(resolveSettings([]), places).log10Level).toBeCloseTo(-4, 12);
});

test('the id follows the work, not the folders', () => {
  const input = experimentInput(resolveSettings([]), places);
  const id = workflowId('experiment', input);
  expect(id).toMatch(/^experiment-[0-9a-f]{10}$/);
  expect(workflowId('experiment', { ...input, store: '/elsewhere', locations: {} })).toBe(id);
  expect(workflowId('experiment', { ...input, keyId: 'other' } as typeof input)).not.toBe(id);
});

test('the places of a run are told apart', () => {
  const hash = placesHash(places);
  expect(placesHash({ ...places, title: 'another' } as typeof places)).toBe(hash);
  expect(placesHash({ ...places, store: '/elsewhere' })).not.toBe(hash);
  expect(placesHash({ ...places, locations: { ...places.locations, key: '/moved' } })).not.toBe(hash);
});

test('the runs of a study have seeds of their own, none of them that of the marking network', () => {
  const study = { title: 'a study', runs: 2, concurrency: 1, settings: { seed: 40 }, grid: {} };
  const { keyId: _, title: __, ...rest } = places;
  const input = sweepInput(study, studyCells(study, 'my.yaml'), { ...rest, keyIds: ['a', 'b'] });
  expect(input.runs).toEqual([
    { keyId: 'a', seed: 41 },
    { keyId: 'b', seed: 42 },
  ]);
  expect(input.cells[0]?.experiment.training.marking.seed).toBe(40);
  expect(workflowId('sweep', { ...input, concurrency: 3 })).toBe(workflowId('sweep', input));
});

test('the largest study fits into the 2 MB that a server takes', () => {
  const values = Array.from({ length: 1000 }, (_, i) => (i + 1) / 1000);
  const grid = { 'marking.markedFraction': values };
  const study = { title: 'a study', runs: 1, concurrency: 1, settings: {}, grid };
  const { keyId: _, title: __, ...rest } = places;
  const input = sweepInput(study, studyCells(study, 'my.yaml'), { ...rest, keyIds: ['k'.repeat(64)] });
  expect(JSON.stringify(input).length).toBeLessThan(1.5e6);
});
