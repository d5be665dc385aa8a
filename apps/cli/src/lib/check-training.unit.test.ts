import { expect, test } from '@jest/globals';
import { checkTraining } from './check-training.ts';
import { UsageError } from './errors.ts';
import { resolveSettings } from './resolve-settings.ts';
import type { SettingsInput } from './settings.ts';

const check = (values: SettingsInput) => () =>
  checkTraining(resolveSettings([{ origin: 'test', values }]), { images: 500, height: 32, width: 16 });

test('takes what just fits, of every training', () => {
  const training = { batchSize: 500, cropPadding: 15, augmentations: [{ name: 'blur' as const, sigma: 5 }] };
  expect(check({ training })).not.toThrow();
  expect(check({ suspect: { training } })).not.toThrow();
});

test.each([
  [{ batchSize: 501 }, 'batchSize: found 501, expected at most 500, the images to train on'],
  [
    { cropPadding: 16 },
    'cropPadding: found 16, expected less than 16, the shorter side of the images (32×16), or crops would be black',
  ],
  [
    { augmentations: [{ name: 'grey' as const }, { name: 'blur' as const, sigma: 5.1 }] },
    'augmentations.1.sigma: found 5.1, expected at most 5, a third of the shorter side of the images (32×16)',
  ],
])('refuses %j of the marking network, or of the suspect alone', (training, message) => {
  expect(check({ training })).toThrow(new UsageError(`training.${message}`));
  expect(check({ suspect: { training } })).toThrow(new UsageError(`suspect.training.${message}`));
  expect(check({ suspect: { pretraining: training } })).toThrow(new UsageError(`suspect.pretraining.${message}`));
});

test('refuses batches of a training with privacy that have more images than there are', () => {
  const last = (batchSize: number) =>
    check({ layers: 'last', suspect: { training: { privacy: { noiseMultiplier: 1, batchSize } } } });
  expect(last(500)).not.toThrow();
  const message = 'suspect.training.privacy.batchSize: found 501, expected at most 500, the images to train on';
  expect(last(501)).toThrow(new UsageError(message));
});
