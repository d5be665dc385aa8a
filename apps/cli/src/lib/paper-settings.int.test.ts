import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { PAPER_MARKING } from '@radiotracer/marker';
import { resolveSettings, settingsFile } from './resolve-settings.ts';

test('docs/paper.yaml is the marking of the paper', async () => {
  const path = fileURLToPath(new URL('../../../../docs/paper.yaml', import.meta.url));
  const { marking } = resolveSettings([await settingsFile(path)]);
  const { seed: _seed, ...paper } = PAPER_MARKING;
  expect(marking).toEqual(paper);
});
