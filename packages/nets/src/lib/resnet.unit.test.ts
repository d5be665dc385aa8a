import { describe, expect, it } from '@jest/globals';

import { type Architecture, familyOf } from './architecture.ts';
import type { Layers } from './layers.ts';
import { featureSize, parameterSpecs } from './parameter-specs.ts';

function architecture(stem: Architecture['stem'], width: number): Architecture {
  return { name: 'resnet18', stem, width };
}

/** Trainable parameters, as `sum(p.numel() for p in net.parameters())` counts them. */
function count(stem: Architecture['stem'], width: number, classes: number): number {
  return parameterSpecs(architecture(stem, width), classes)
    .filter(({ kind }) => kind !== 'runningMean' && kind !== 'runningVariance')
    .reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0);
}

describe('ResNet-18', () => {
  it('has as many parameters as torchvision’s, and as the usual variant for CIFAR-10', () => {
    expect(count('imagenet', 64, 1000)).toBe(11_689_512);
    expect(count('small', 64, 10)).toBe(11_173_962);
  });

  it('has the parameters of any width and class count', () => {
    // Filters of the stem, of 3×3 by stage (w → w four times; then w → 2w once and 2w → 2w three times, …), and of 1×1.
    const filters = (w: number) =>
      27 * w + 9 * w * w * (4 + 2 + 3 * 4 + 8 + 3 * 16 + 32 + 3 * 64) + w * w * (2 + 8 + 32);
    const norms = (w: number) => 2 * (5 * w + 5 * 2 * w + 5 * 4 * w + 5 * 8 * w);
    for (const [width, classes] of [
      [1, 1],
      [4, 3],
      [40, 1000],
    ] as const) {
      // prettier-ignore
      expect(count('small', width, classes)).toBe(filters(width) + norms(width) + (8 * width + 1) * classes);
      expect(featureSize(architecture('small', width))).toBe(8 * width);
    }
  });

  it('has torchvision’s names, in the order of its state_dict', () => {
    const names = parameterSpecs(architecture('imagenet', 64), 1000).map(({ name }) => name);
    expect(names).toHaveLength(102); // 122 less 20 num_batches_tracked
    expect(new Set(names).size).toBe(102);
    expect(names.slice(0, 6)).toEqual([
      'conv1.weight', 'bn1.weight', 'bn1.bias', 'bn1.running_mean', 'bn1.running_var', 'layer1.0.conv1.weight',
    ]); // prettier-ignore
    const [start, end] = [names.indexOf('layer2.0.conv1.weight'), names.indexOf('layer2.1.conv1.weight')];
    expect(names.slice(start, end).filter((name) => name.endsWith('weight'))).toEqual([
      'layer2.0.conv1.weight', 'layer2.0.bn1.weight', 'layer2.0.conv2.weight', 'layer2.0.bn2.weight',
      'layer2.0.downsample.0.weight', 'layer2.0.downsample.1.weight',
    ]); // prettier-ignore
    expect(names.filter((name) => name.includes('downsample.0'))).toHaveLength(3);
    expect(names.slice(-2)).toEqual(['fc.weight', 'fc.bias']);
  });

  it.each([
    ['imagenet', [112, 56, 28, 14, 7]],
    ['small', [224, 224, 112, 56, 28]],
  ] as const)('with the %s stem, 224 pixels become %j', (stem, sizes) => {
    const seen: Record<string, number> = {};
    const layers: Pick<Layers<number>, 'convolution' | 'maxPool' | 'addRelu' | 'averagePool' | 'done'> = {
      convolution: (x, { name, size, stride, padding }) =>
        (seen[name] = Math.floor((x + 2 * padding - size) / stride) + 1),
      maxPool: (x) => Math.floor((x - 1) / 2) + 1,
      addRelu: (a, b) => {
        expect(a).toBe(b);
        return a;
      },
      averagePool: (x) => x,
      done: () => undefined,
    };
    const { features } = familyOf({ name: 'resnet18' });
    const last = features(layers as Layers<number>, 224, architecture(stem, 64));
    const names = ['conv1', 'layer1.1.conv2', 'layer2.1.conv2', 'layer3.1.conv2', 'layer4.1.conv2'];
    expect(names.map((name) => seen[name])).toEqual(sizes);
    expect(last).toBe(sizes[4]);
    expect(Object.keys(seen)).toHaveLength(20);
  });
});
