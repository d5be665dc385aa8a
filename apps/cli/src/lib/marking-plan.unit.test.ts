import { expect, test } from '@jest/globals';
import { planMarking } from './marking-plan.ts';
import { demoCorpus, demoSettings } from './demo-settings.ts';
import { resolveSettings } from './resolve-settings.ts';

const settings = (marking: object, level = 1e-4) =>
  resolveSettings([{ origin: 'test', values: { level, marking: { versions: 10, ...marking } } }]);

test('what can just be detected is let pass, one draw or one version less is not', () => {
  planMarking(settings({}), { images: 400, classes: 2 }); // 4 images, 10 versions: 10^-4
  expect(() => planMarking(settings({}), { images: 349, classes: 2 })).toThrow('nothing could be detected');
  expect(() => planMarking(settings({ versions: 9 }), { images: 400, classes: 2 })).toThrow(
    'nothing could be detected',
  );
  planMarking(settings({ versions: 9 }, 1.6e-4), { images: 400, classes: 2 });
});

test('the refusal names the fields, and what it proposes is enough', () => {
  const corpus = { images: 500, classes: 10 };
  const refusal =
    'nothing could be detected: 5 marked images (marking.markedFraction 0.01) in 5 draws (marking.carrierUnit image) ' +
    'of 3 versions (marking.versions) give p = 0.0041 at best, above the level 0.0001; ' +
    'enough would be marking.markedFraction 0.018, or marking.versions 7';
  expect(() => planMarking(settings({ versions: 3 }), corpus)).toThrow(refusal);
  planMarking(settings({ versions: 3, markedFraction: 0.018 }), corpus);
  planMarking(settings({ versions: 7 }), corpus);
  expect(() => planMarking(settings({ versions: 6 }), corpus)).toThrow();
});

test('a carrier for each class gives a draw to each class, not to each image', () => {
  const byClass = settings({ carrierUnit: 'class' });
  planMarking(byClass, { images: 50_000, classes: 4 });
  expect(() => planMarking(byClass, { images: 50_000, classes: 3 })).toThrow(
    'in 3 draws (marking.carrierUnit class) of 10 versions (marking.versions) give p = 0.0010 at best, above the ' +
      'level 0.0001; enough would be marking.carrierUnit image, or marking.versions 22',
  );
  expect(() => planMarking(byClass, { images: 200, classes: 100 })).toThrow('2 marked images');
});

test('a share of less than one image is refused', () => {
  expect(() => planMarking(settings({ markedFraction: 0.001 }), { images: 300, classes: 2 })).toThrow(
    'marking.markedFraction: found 0.001, which of 300 images is less than one; expected at least 0.00334',
  );
});

test('the demo can be detected', () => {
  const demo = resolveSettings([{ origin: 'demo', values: demoSettings }]);
  planMarking(demo, { images: demoCorpus.trainImages, classes: demoCorpus.classes });
});
