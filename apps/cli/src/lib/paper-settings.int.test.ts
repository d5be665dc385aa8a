import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { checkMarkingSettings, type MarkingSettings, PAPER_MARKING } from '@radiotracer/marker';
import { resolveSettings, settingsFile } from './resolve-settings.ts';

test('docs/paper.yaml is the marking of the paper', async () => {
  const path = fileURLToPath(new URL('../../../../docs/paper.yaml', import.meta.url));
  const { marking } = resolveSettings([await settingsFile(path)]);
  const { seed: _seed, ...paper } = PAPER_MARKING;
  expect(marking).toEqual(paper);
});

test.each<[field: keyof MarkingSettings, valid: unknown, invalid: unknown]>([
  ['markedFraction', 1, 1.01],
  ['selection', 'random', 'easiest'],
  ['versions', 2, 1],
  ['carrierUnit', 'class', 'corpus'],
  ['radius', 255, 256],
  ['lambdaFeatureL2', 0, -0.01],
  ['lambdaImageL2', 0, -0.01],
  ['optimizer', 'sgd', 'lbfgs'],
  ['learningRate', 0.01, 0],
  ['steps', 1, 0],
  ['cropPadding', 0, -1],
  ['encode', 'png', 'webp:90'],
  ['encode', 'jpeg:1', 'jpeg:0'],
  ['encode', 'jpeg:100', 'jpeg:101'],
])('the schema of settings and the marker take the same marking.%s: %p, and not %p', (field, valid, invalid) => {
  const bySchema = (value: unknown) => () =>
    resolveSettings([{ origin: 'my.yaml', values: { marking: { [field]: value } } }]);
  const byMarker = (value: unknown) => () =>
    checkMarkingSettings({ ...PAPER_MARKING, [field]: value } as MarkingSettings);
  for (const check of [bySchema, byMarker]) {
    expect(check(valid)).not.toThrow();
    expect(check(invalid)).toThrow(`marking.${field}`);
  }
});
