import { describe, expect, it } from '@jest/globals';

import { randomImages, smallArchitecture, trainedLooking } from '../../test/small-network.ts';
import { FrozenNetwork } from './frozen-network.ts';
import { tf } from './tensorflow.ts';
import { trainingPass } from './training-pass.ts';
import { fromTorchvision, toTorchvision } from './weights.ts';

/** What is left over after each of three calls, in tensors and bytes; `call` returns what the caller owns. */
function leftOver(call: () => tf.TensorContainer | void): { tensors: number; bytes: number }[] {
  return [1, 2, 3].map(() => {
    const before = tf.memory();
    tf.dispose(call() as tf.TensorContainer);
    const after = tf.memory();
    return { tensors: after.numTensors - before.numTensors, bytes: after.numBytes - before.numBytes };
  });
}

const NOTHING = [1, 2, 3].map(() => ({ tensors: 0, bytes: 0 }));

describe.each(['imagenet', 'small'] as const)('with the %s stem, no tensor is left behind by', (stem) => {
  const architecture = smallArchitecture(stem);
  const parameters = trainedLooking(architecture, 3, 1);
  const images = randomImages(2, 32, 32, 2);
  const labels = tf.tensor1d([0, 2], 'int32');
  const network = FrozenNetwork.fold(architecture, parameters);

  it.each<[string, () => tf.TensorContainer | void]>([
    ['trainingPass', () => trainingPass(architecture, parameters, images, labels) as unknown as tf.TensorContainer],
    ['features', () => network.features(images)],
    ['logits', () => network.logits(images)],
    ['imageGradient', () => network.imageGradient(images, (features) => tf.mul(features, 2))],
    ['fold and dispose', () => FrozenNetwork.fold(architecture, parameters).dispose()],
    ['weights to torchvision and back', () => fromTorchvision(toTorchvision(parameters), architecture, 3, 'file')],
    [
      'imageGradient that fails half way',
      () =>
        expect(() =>
          network.imageGradient(images, () => {
            throw new Error('diverged');
          }),
        ).toThrow('diverged'),
    ],
  ])('%s', (_, call) => expect(leftOver(call)).toEqual(NOTHING));

  it('and the count would notice', () => {
    const leaked: tf.Tensor[] = [];
    expect(leftOver(() => void leaked.push(network.features(images)))[0]?.tensors).toBe(1);
    tf.dispose(leaked);
  });
});
