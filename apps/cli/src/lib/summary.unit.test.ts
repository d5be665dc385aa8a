import { expect, test } from '@jest/globals';
import type { Verdict } from '@radiotracer/detector';
import type { JudgedModel } from '@radiotracer/workflows';
import { tableText, verdictsText } from './summary.ts';

function judged(name: string, log10P: number): JudgedModel {
  const verdict: Verdict = {
    name,
    detected: log10P <= -4,
    sentence: `The ${name} is what it is.`,
    log10Level: -4,
    decisive: {
      test: 'exact decoy test',
      log10P,
      statistic: { name: 'sum', value: 1 },
      sampleSize: { images: 50, versions: 10 },
      assumptions: [],
    },
    others: [],
    voidIf: ['A decoy left the publisher.'],
    nullDistribution: { from: 0, to: 1, probability: [1], observed: 1 },
  };
  const artifact = { stage: 'judge', key: 'k', sha256: 's', facts: verdict };
  return { name, verdict: artifact } as unknown as JudgedModel;
}

test('verdicts: one line each, then the sentences, and what would make them void', () => {
  const lines = verdictsText({ models: [judged('suspect', -6.31), judged('control', -0.37)] }).split('\n');
  expect(lines[0]).toContain('suspect');
  expect(lines[0]).toContain('p = 10^-6.3  (exact decoy test; 50 images, 10 versions)');
  expect(lines[1]).toBe('control  not detected  p = 0.43  (exact decoy test; 50 images, 10 versions)');
  expect(lines.slice(2)).toEqual([
    '',
    'The suspect is what it is.',
    'The control is what it is.',
    '',
    'Void if:',
    '- A decoy left the publisher.',
  ]);
});

test('a table aligns its values', () => {
  expect(
    tableText([
      ['report', '/a'],
      ['Temporal UI', 'http://b'],
    ]),
  ).toBe('report       /a\nTemporal UI  http://b');
});
