import { describe, expect, it } from '@jest/globals';

import { smallArchitecture } from '../../test/small-network.ts';
import type { Architecture } from './architecture.ts';
import { WeightsError } from './errors.ts';
import { FrozenNetwork } from './frozen-network.ts';
import { initialParameters, type Parameters } from './parameters.ts';
import { parameterSpecs } from './parameter-specs.ts';
import { Rng } from './rng.ts';
import { decodeSafetensors, encodeSafetensors, type NamedArray } from './safetensors.ts';
import { tf } from './tensorflow.ts';
import { fromTorchvision, toTorchvision } from './weights.ts';

const CLASSES = 3;
type Arrays = Record<string, NamedArray>;

/** Parameters of arbitrary bits, infinities, NaN and subnormal numbers among them. */
function anyBits(architecture: Architecture): Parameters {
  return Object.fromEntries(
    parameterSpecs(architecture, CLASSES).map(({ name, shape }) => {
      const rng = Rng.of(1, name);
      const words = Uint32Array.from({ length: tf.util.sizeFromShape([...shape]) }, () => rng.uint32());
      return [name, tf.tensor(new Float32Array(words.buffer), [...shape])];
    }),
  );
}

function bitsOf(tensor: tf.Tensor): { shape: number[]; bits: Uint32Array } {
  const data = tensor.dataSync() as Float32Array;
  return { shape: tensor.shape, bits: new Uint32Array(data.slice().buffer) };
}

describe.each(['imagenet', 'small'] as const)('weights with the %s stem', (stem) => {
  const architecture = smallArchitecture(stem);

  it('come back from torchvision’s layout, through a file, to the bit', () => {
    const parameters = anyBits(architecture);
    const file = encodeSafetensors({ tensors: toTorchvision(parameters), metadata: {} });
    const back = fromTorchvision(decodeSafetensors(file, 'f').tensors, architecture, CLASSES, 'f');
    expect(Object.keys(back)).toEqual(Object.keys(parameters));
    for (const [name, tensor] of Object.entries(parameters)) {
      expect({ name, ...bitsOf(back[name] as tf.Tensor) }).toEqual({ name, ...bitsOf(tensor) });
    }
  });

  it('are stored OIHW: filter (o, i, y, x) is ours at (y, x, i, o)', () => {
    const parameters = initialParameters(architecture, CLASSES, 1);
    const stored = toTorchvision(parameters)['layer2.0.conv1.weight'] as NamedArray;
    expect(stored.shape).toEqual([8, 4, 3, 3]);
    const ours = (parameters['layer2.0.conv1.weight'] as tf.Tensor4D).arraySync();
    expect(stored.data[((5 * 4 + 2) * 3 + 1) * 3 + 2]).toBe(ours[1]?.[2]?.[2]?.[5]); // (o, i, y, x) = (5, 2, 1, 2)
  });

  const arrays = (): Arrays => toTorchvision(initialParameters(architecture, CLASSES, 1));
  const read = (from: Arrays) => fromTorchvision(from, architecture, CLASSES, 'w.safetensors');

  it('may hold the counters that PyTorch adds', () => {
    const counter = { shape: [], data: Float32Array.of(7) };
    expect(Object.keys(read({ ...arrays(), 'bn1.num_batches_tracked': counter }))).toHaveLength(102);
  });

  it.each(['conv1.weight', 'layer4.0.downsample.1.running_var', 'fc.bias'])('are refused without %s', (name) => {
    const rest = Object.fromEntries(Object.entries(arrays()).filter(([key]) => key !== name));
    expect(() => read(rest)).toThrow(new WeightsError('w.safetensors', `tensor ${name} is missing`));
  });

  it('are refused with a tensor of another network', () => {
    const unknown = { ...arrays(), 'layer1.2.conv1.weight': { shape: [1], data: Float32Array.of(0) } };
    expect(() => read(unknown)).toThrow(
      new WeightsError(
        'w.safetensors',
        `tensor layer1.2.conv1.weight is not part of resnet18 with the ${stem} stem and width 4`,
      ),
    );
  });

  it.each<[string, number[], string]>([
    ['fc.weight', [32, CLASSES], `tensor fc.weight has shape [32,3], [3,32] was expected`],
    ['bn1.bias', [4, 1], 'tensor bn1.bias has shape [4,1], [4] was expected'],
    ['layer2.0.conv1.weight', [3, 3, 4, 8], 'tensor layer2.0.conv1.weight has shape [3,3,4,8], [8,4,3,3] was expected'],
  ])('are refused with %s of shape %j', (name, shape, problem) => {
    const { data } = arrays()[name] as NamedArray;
    expect(() => read({ ...arrays(), [name]: { shape, data } })).toThrow(new WeightsError('w.safetensors', problem));
  });

  it('of another stem, width or class count do not pass', () => {
    const other = { ...architecture, stem: stem === 'small' ? 'imagenet' : 'small' } as const;
    expect(() => fromTorchvision(arrays(), other, CLASSES, 'w')).toThrow(/tensor conv1\.weight has shape/);
    expect(() => fromTorchvision(arrays(), { ...architecture, width: 5 }, CLASSES, 'w')).toThrow(WeightsError);
    expect(() => fromTorchvision(arrays(), architecture, 4, 'w')).toThrow(
      /fc\.weight has shape \[3,32\], \[4,32\] was/,
    );
  });
});

it.each<[Architecture['stem'], number, number]>([
  ['imagenet', 8, 1000],
  ['small', 1, 1],
  ['small', 6, 100],
])('a network with the %s stem, width %d and %d classes runs', (stem, width, classes) => {
  const architecture: Architecture = { name: 'resnet18', stem, width };
  const network = FrozenNetwork.fold(architecture, initialParameters(architecture, classes, 1));
  const { features, logits } = network.logits(tf.ones([2, 32, 32, 3]));
  expect([features.shape, logits.shape]).toEqual([[2, 8 * width], [2, classes]]); // prettier-ignore
  expect(logits.dataSync().every(Number.isFinite)).toBe(true);
});
