import { expect, test } from '@jest/globals';
import { planMarking } from './marking-plan.ts';
import { powerOf } from './power.ts';
import { powerLine, powerText } from './power-text.ts';
import { resolveSettings } from './resolve-settings.ts';

const plan = (marking: object, images = 50_000) =>
  planMarking(resolveSettings([{ origin: 'test', values: { marking } }]), { images, classes: 10 });

test('a publisher sees what would be found, beside what was measured', () => {
  const lines = powerText(powerOf(plan({}), 512)).split('\n');
  expect(lines[0]).toBe('500 of 50,000 images marked, 10 versions each, 500 secret draws; detected means p ≤ 0.0001');
  expect(lines.slice(2, 6).map((line) => line.split(/ {2,}/).slice(0, 3))).toEqual([
    ['d', 'detected', 'typical p'],
    ['0.17', '50%', '10^-4.0'],
    ['0.22', '90%', '10^-6.5'],
    ['0.47', '> 99%', '10^-25.3'],
  ]);
  expect(lines).toContain('Marks of d 0.58 are found 9 times in 10 with 76 marked images (--fraction 0.00152).');
  expect(lines).toContain('No p-value can be below 10^-500.0.');
});

test('what it proposes is enough, and one image less is not', () => {
  const { drawsForFirstMeasured } = powerOf(plan({}), 512);
  const powerWith = (marked: number) =>
    powerOf(plan({ markedFraction: marked / 50_000 }), 512).effects.find(({ measured }) =>
      measured?.marks.startsWith('0.5% of CIFAR-10'),
    )?.power;
  expect(powerWith(drawsForFirstMeasured as number)).toBeGreaterThanOrEqual(0.9);
  expect(powerWith((drawsForFirstMeasured as number) - 1)).toBeLessThan(0.9);
});

test('a corpus that is too small for such marks is told so', () => {
  expect(powerText(powerOf(plan({ markedFraction: 0.5 }, 60), 512))).toContain(
    '76 marked images, more than there are.',
  );
});

test('draws that the images of a class share are not compared with those of images', () => {
  const { effects } = powerOf(plan({ carrierUnit: 'class' }), 512);
  expect(effects.every(({ measured }) => measured === undefined)).toBe(true);
  expect(powerText(powerOf(plan({ carrierUnit: 'class' }), 512))).toContain('nothing was measured yet');
  expect(powerLine(plan({ carrierUnit: 'class' }))).not.toContain('CIFAR');
});

test('one line says the same before work starts', () => {
  expect(powerLine(plan({}))).toBe(
    'power: 500 draws find an effect of d 0.22 9 times in 10; marks of d 0.58, as on CIFAR-10, would give p around ' +
      '10^-37.5 ("radiotracer power" explains)',
  );
});

test('the needed cosines of the white-box test are those of the literature', () => {
  const { stouffer, fisher } = powerOf(plan({}), 512).whiteBox;
  expect([stouffer.half, fisher.half].map((cosine) => cosine.toPrecision(2))).toEqual(['0.052', '0.055']);
});
