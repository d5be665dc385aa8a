import { expect, test } from '@jest/globals';
import { settingsLayers } from './settings-options.ts';

test('--set names what the command uses', async () => {
  const layers = await settingsLayers({ set: ['level=0.01'] }, ['level']);
  expect(layers).toEqual([{ origin: '--set', values: { level: 0.01 } }]);
  await settingsLayers({ set: ['training.epochs=3'] });
});

test('--beacon is text, whatever it looks like', async () => {
  expect(await settingsLayers({ beacon: '1234e5' })).toEqual([{ origin: '--beacon', values: { beacon: '1234e5' } }]);
});

test('--set that the command would not look at is refused', async () => {
  await expect(settingsLayers({ set: ['training.epochs=3'] }, ['level'])).rejects.toThrow(
    '--set: this command has no use for "training.epochs"; it takes level',
  );
});
