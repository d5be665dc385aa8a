import { describe, expect, it } from '@jest/globals';

import { type Array64, array64, features64, logits64, parameters64 } from '../../test/float64-network.ts';
import { randomImages, smallArchitecture, trainedLooking } from '../../test/small-network.ts';
import { FrozenNetwork } from './frozen-network.ts';
import { tf } from './tensorflow.ts';

/** Of the largest value: twenty layers in float32, and the rounding of the folded filters. Measured 1e−6. */
const TOLERANCE = 1e-5;
const CLASSES = 7;

/** Largest difference as a share of the largest value. */
function distance(found: tf.Tensor, expected: Array64): number {
  expect(found.shape).toEqual(expected.shape);
  const largest = (values: Float64Array) => values.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
  const { data } = array64(found);
  return largest(data.map((value, i) => value - (expected.data[i] as number))) / largest(expected.data);
}

describe.each([
  ['imagenet', 40, 33],
  ['small', 13, 16],
] as const)('a frozen network with the %s stem', (stem, height, width) => {
  const architecture = smallArchitecture(stem);
  const parameters = trainedLooking(architecture, CLASSES, 1);
  const network = FrozenNetwork.fold(architecture, parameters);
  const images = randomImages(3, height, width, 2);
  const unfolded = features64(architecture, parameters64(parameters), array64(images), 'evaluation').features;

  it('folds to the features and logits of the network in evaluation mode', () => {
    const { features, logits } = network.logits(images);
    expect(distance(features, unfolded)).toBeLessThan(TOLERANCE);
    expect(distance(logits, logits64(architecture, parameters64(parameters), unfolded))).toBeLessThan(TOLERANCE);
    expect(distance(network.features(images), unfolded)).toBeLessThan(TOLERANCE);
  });

  it.each(['running_mean', 'running_var', 'weight', 'bias'])('uses every %s of batch normalisation', (part) => {
    const names = Object.keys(parameters).filter((name) => /bn\d|downsample\.1/.test(name) && name.endsWith(part));
    expect(names).toHaveLength(20);
    for (const name of names) {
      const changed = { ...parameters, [name]: tf.add(parameters[name] as tf.Tensor, 0.3) };
      const other = FrozenNetwork.fold(architecture, changed);
      expect({ name, moved: distance(other.features(images), unfolded) > 100 * TOLERANCE }).toEqual({
        name,
        moved: true,
      });
      other.dispose();
    }
  });

  it('gives an image the same features whatever else is in the batch', () => {
    const alone = network.features(tf.slice(images, [1, 0, 0, 0], [1, height, width, 3]));
    const inBatch = array64(tf.slice(network.features(images), [1, 0], [1, network.featureSize]));
    expect(distance(alone, inBatch)).toBeLessThan(TOLERANCE);
  });

  it('keeps its own copy of the weights', () => {
    const given = trainedLooking(architecture, CLASSES, 1);
    const folded = FrozenNetwork.fold(architecture, given);
    tf.dispose(given);
    expect(distance(folded.features(images), unfolded)).toBeLessThan(TOLERANCE);
    expect(folded.classWeights.shape).toEqual([CLASSES, folded.featureSize]);
    expect(folded.classes).toBe(CLASSES);
    expect(array64(folded.classWeights)).toEqual(array64(parameters['fc.weight'] as tf.Tensor));
    folded.dispose();
  });

  it('says which parameter is missing', () => {
    const rest = Object.fromEntries(Object.entries(parameters).filter(([name]) => name !== 'bn1.running_var'));
    expect(() => FrozenNetwork.fold(architecture, rest)).toThrow(
      /^nets: no parameter bn1\.running_var; there are conv1/,
    );
  });
});
