import { describe, expect, test } from '@jest/globals';

import { UsageError } from './errors.ts';
import { resolveSettings, settingsFlag } from './resolve-settings.ts';

const file = (values: unknown) => ({ origin: 'my.yaml', values });

const augmentations =
  'a list, each of { name: jpeg, quality: 1..100 }, { name: blur, sigma: <pixels> }, { name: resize, factor: <below 1> }, ' +
  '{ name: grey } or { name: randAugment, operations: 1..14, magnitude: 0..30 }';

describe('resolveSettings', () => {
  test('nothing given: the documented defaults', () => {
    expect(resolveSettings([])).toMatchObject({
      seed: 1,
      level: 1e-4,
      architecture: { name: 'resnet18', stem: 'imagenet', width: 64 },
      training: { epochs: 12, batchSize: 128, learningRate: 0.1, schedule: { name: 'cosine' }, warmupEpochs: 1 },
      marking: { markedFraction: 0.01, versions: 10, radius: 8, optimizer: 'adam', steps: 60, carrierUnit: 'image' },
    });
  });

  test('flags win over the file, the file over the defaults', () => {
    const settings = resolveSettings([
      file({ training: { epochs: 3, batchSize: 32 } }),
      settingsFlag('--epochs', 'training.epochs', '5'),
    ]);
    expect(settings.training).toMatchObject({ epochs: 5, batchSize: 32, learningRate: 0.1 });
  });

  test('changes of images and labels are taken as they are given, and have no defaults', () => {
    const training = {
      augmentations: [{ name: 'randAugment', operations: 2, magnitude: 9 }, { name: 'grey' }],
      labelSmoothing: 0.1,
      mixup: 0.2,
      cutmix: 1,
    };
    expect(resolveSettings([file({ suspect: { training } })]).suspect.training).toEqual(training);
    expect(resolveSettings([file({ training })]).training).toMatchObject(training);
    for (const field of Object.keys(training)) expect(resolveSettings([]).training).not.toHaveProperty(field);
  });

  test('a schedule is taken whole', () => {
    const schedule = { name: 'step', every: 30, factor: 0.1 };
    expect(resolveSettings([file({ training: { schedule } })]).training.schedule).toEqual(schedule);
  });

  test('what the suspect does otherwise has no defaults', () => {
    const suspect = { architecture: { width: 32 }, training: { schedule: { name: 'cosine' } } };
    expect(resolveSettings([file({ suspect })]).suspect).toEqual(suspect);
    expect(resolveSettings([]).suspect).toEqual({ architecture: {}, training: {} });
  });

  test('what it returns resolves to itself, so config.resolved.yaml can be used again', () => {
    const settings = resolveSettings([file({ seed: 7, marking: { versions: 4 } })]);
    expect(resolveSettings([file(settings)])).toEqual(settings);
  });

  test.each([
    [{ training: { epochs: 'many' } }, 'my.yaml: training.epochs: found "many", expected a whole number ≥ 1'],
    [{ training: { epochs: 2.5 } }, 'my.yaml: training.epochs: found 2.5, expected a whole number ≥ 1'],
    [{ training: { epoch: 2 } }, 'my.yaml: unknown field "training.epoch"; did you mean "epochs"?'],
    [{ markng: {} }, 'my.yaml: unknown field "markng"; did you mean "marking"?'],
    [{ versions: 3 }, 'my.yaml: unknown field "versions"; did you mean "marking.versions"?'],
    [{ epochs: 3 }, 'my.yaml: unknown field "epochs"; did you mean "training.epochs" or "markingNetwork.epochs"?'],
    [
      { colour: 'red' },
      'my.yaml: unknown field "colour"; valid fields: seed, controls, level, test, architecture, layers, training, markingNetwork, suspect, marking, beacon',
    ],
    [
      { beacon: 'two words' },
      'my.yaml: beacon: found "two words", expected <source>:<round>:<64 or 128 hex digits>, in small letters (of a public source; it draws with the key)',
    ],
    [
      { marking: { versions: 1 } },
      'my.yaml: marking.versions: found 1, expected a whole number in 2..1000 (one is published, the others are decoys)',
    ],
    [
      { marking: { markedFraction: '1%' } },
      'my.yaml: marking.markedFraction: found "1%", expected a number in (0, 1]; 0.01 marks 1% of the images',
    ],
    [
      { training: { schedule: { name: 'linear' } } },
      'my.yaml: training.schedule.name: found "linear", expected { name: cosine } or { name: step, every: <epochs>, factor: <number> }',
    ],
    [{ training: 3 }, 'my.yaml: training: found 3, expected the settings of a training: epochs, batchSize, …'],
    [
      { suspect: { training: { epochs: 0 } } },
      'my.yaml: suspect.training.epochs: found 0, expected a whole number ≥ 1',
    ],
    [
      { suspect: { architecture: { widht: 8 } } },
      'my.yaml: unknown field "suspect.architecture.widht"; did you mean "width"?',
    ],
    [
      { architecture: { stem: 'small' }, suspect: { architecture: { name: 'vgg16' } } },
      'my.yaml: suspect.architecture.stem: found nothing, expected "imagenet", which vgg16 has',
    ],
    [
      { layers: 'last', suspect: { training: { weightDecay: 0, epochs: 3 } } },
      'my.yaml: suspect.training.epochs: found 3, expected nothing, as with layers: last only weightDecay and privacy of suspect.training can differ',
    ],
    [
      { suspect: { training: { privacy: { noiseMultiplier: 1 } } } },
      'my.yaml: suspect.training.privacy: found {"noiseMultiplier":1}, expected nothing, as only last layers are trained with privacy (layers: last)',
    ],
    [
      { layers: 'last', suspect: { training: { privacy: { noiseMultiplier: 0 } } } },
      'my.yaml: suspect.training.privacy.noiseMultiplier: found 0, expected a number > 0 (σ of the noise, in units of maxGradNorm)',
    ],
    [
      { layers: 'last', suspect: { training: { privacy: {} } } },
      'my.yaml: suspect.training.privacy.noiseMultiplier: found nothing, expected a number > 0 (σ of the noise, in units of maxGradNorm)',
    ],
    [
      { training: { privacy: { noiseMultiplier: 1 } } },
      'my.yaml: unknown field "training.privacy"; valid fields: epochs, batchSize, learningRate, momentum, weightDecay, schedule, warmupEpochs, cropPadding, horizontalFlip, augmentations, labelSmoothing, mixup, cutmix, checkpointEvery',
    ],
    [
      { training: { augmentations: [{ name: 'grey' }, { name: 'jpeg', quality: 0 }] } },
      `my.yaml: training.augmentations.1.quality: found 0, expected ${augmentations}`,
    ],
    [
      { suspect: { training: { augmentations: [{ name: 'sepia' }] } } },
      `my.yaml: suspect.training.augmentations.0.name: found "sepia", expected ${augmentations}`,
    ],
    [
      { training: { augmentations: [{ name: 'jpeg', quality: 9, colour: 1 }] } },
      'my.yaml: unknown field "training.augmentations.0.colour"; valid fields: name, quality, sigma, factor, operations, magnitude',
    ],
    [
      { training: { schedule: { name: 'step', evry: 1, factor: 0.1, every: 1 } } },
      'my.yaml: unknown field "training.schedule.evry"; did you mean "every"?',
    ],
    [
      { layers: 'last', suspect: { distillation: {} } },
      'my.yaml: suspect.distillation.temperature: found nothing, expected nothing, as with layers: last only weightDecay and privacy of suspect.training can differ',
    ],
    [
      { suspect: { distillation: {}, training: { labelSmoothing: 0.1 } } },
      'my.yaml: suspect.training.labelSmoothing: found 0.1, expected nothing, as with suspect.distillation no labels are learnt',
    ],
    [
      { suspect: { training: { mixup: 2 } } },
      'my.yaml: suspect.training.mixup: found 2, expected a number in (0, 1] (α of Beta(α, α))',
    ],
    ['text', 'my.yaml: the whole: found "text", expected a mapping of settings'],
  ])('refuses %j', (values, message) => {
    expect(() => resolveSettings([file(values)])).toThrow(new UsageError(message));
  });

  test('names the flag that set a wrong value, and tells every wrong field', () => {
    const layers = [file({ seed: -1 }), settingsFlag('--fraction', 'marking.markedFraction', '2')];
    expect(() => resolveSettings(layers)).toThrow(
      'my.yaml: seed: found -1, expected a whole number ≥ 0, below 2⁵³ (each network gets its own seed from it)\n' +
        '--fraction: marking.markedFraction: found 2, expected a number in (0, 1]; 0.01 marks 1% of the images',
    );
  });
});
