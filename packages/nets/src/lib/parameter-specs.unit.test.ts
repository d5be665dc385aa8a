import { describe, expect, it } from '@jest/globals';

import { architectureNames, isArchitecture, misfit } from './architecture.ts';
import { featureSize, parameterSpecs } from './parameter-specs.ts';

/** Of torchvision's networks of 1,000 classes: trainable parameters (`p.numel()`), entries of the state_dict, features. */
const torchvision = {
  resnet18: [11_689_512, 122, 512],
  resnet34: [21_797_672, 218, 512],
  resnet50: [25_557_032, 320, 2048],
  vgg16: [138_357_544, 32, 4096],
  vgg16_bn: [138_365_992, 97, 4096],
  densenet121: [7_978_856, 727, 1024],
} as const;

describe.each(architectureNames)('%s', (name) => {
  const architecture = { name, stem: 'imagenet', width: 64 } as const;
  const specs = parameterSpecs(architecture, 1000);

  it('has as many parameters, entries and features as torchvision’s', () => {
    const trained = specs.filter(({ kind }) => !kind.startsWith('running'));
    const count = trained.reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0);
    const counters = specs.filter(({ kind }) => kind === 'runningMean').length;
    expect([count, specs.length + counters, featureSize(architecture)]).toEqual(torchvision[name]);
    expect(new Set(specs.map((spec) => spec.name)).size).toBe(specs.length);
  });

  it('has what its width makes of it in proportion', () => {
    expect(featureSize({ ...architecture, width: 16 })).toBe(torchvision[name][2] / 4);
  });
});

it('an architecture is one if its family has the stem and the width', () => {
  expect(misfit({ name: 'vgg16', stem: 'small', width: 8 })).toEqual({
    field: 'stem',
    valid: '"imagenet", which vgg16 has',
  });
  expect(misfit({ name: 'densenet121', stem: 'small', width: 7 })?.field).toBe('width');
  expect(misfit({ name: 'resnet50', stem: 'small', width: 7 })).toBeUndefined();
  expect(isArchitecture({ name: 'vgg16_bn', stem: 'imagenet', width: 1 })).toBe(true);
  const none = [{ name: 'vgg16', stem: 'small', width: 8 }, { name: 'vgg19', stem: 'imagenet', width: 8 }, null];
  for (const value of [...none, { name: 'resnet18', stem: 'small' }, { name: 'resnet18', stem: 'small', width: 0.5 }]) {
    expect(isArchitecture(value)).toBe(false);
  }
});
