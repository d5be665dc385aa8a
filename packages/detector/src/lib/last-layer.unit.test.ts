import { expect, it } from '@jest/globals';

import { inferredLastLayer } from './last-layer.ts';

const logits = [
  [2, -1, 0.5],
  [-3, 4, 1],
];
const probabilities = logits.map((image) => {
  const sum = image.reduce((total, logit) => total + Math.exp(logit), 0);
  return image.map((logit) => Math.exp(logit) / sum);
});
const scores = (values: number[][]): Float32Array => Float32Array.from(values.flat());

it('takes logits for features, and the identity for class weights', () => {
  const { features, classWeights, inferredFrom } = inferredLastLayer('logits', scores(logits), 3);
  expect(features).toEqual(scores(logits));
  expect([...classWeights]).toEqual([1, 0, 0, 0, 1, 0, 0, 0, 1]);
  expect(inferredFrom).toBe('logits');
});

it('takes the logits, less their mean over classes, from probabilities', () => {
  const { features, inferredFrom } = inferredLastLayer('probabilities', scores(probabilities), 3);
  const expected = logits.map((image) => image.map((logit) => logit - image.reduce((a, b) => a + b) / 3));
  features.forEach((value, i) => expect(value).toBeCloseTo(expected.flat()[i] as number, 5));
  expect(inferredFrom).toBe('probabilities');
});

it('counts a probability of 0 as half the smallest positive one', () => {
  const rounded = [
    [1, 0],
    [0.75, 0.25],
  ];
  const { features } = inferredLastLayer('probabilities', scores(rounded), 2);
  expect(features[1]).toBeCloseTo(Math.log(0.125) / 2, 6);
  expect(features[3]).toBeCloseTo((Math.log(0.25) - Math.log(0.75)) / 2, 6);
});
