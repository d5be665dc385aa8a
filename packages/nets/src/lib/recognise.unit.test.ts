import { describe, expect, it } from '@jest/globals';

import { type Architecture, architectureNames, misfit } from './architecture.ts';
import { parameterSpecs } from './parameter-specs.ts';
import { recognise } from './recognise.ts';
import { storedShape } from './torchvision-layout.ts';

type Shapes = Record<string, { shape: readonly number[] }>;

/** What torchvision's file of a network holds. */
function fileOf(architecture: Architecture, classes: number): Shapes {
  return Object.fromEntries(
    parameterSpecs(architecture, classes).map(({ name, shape }) => [name, { shape: storedShape(shape) }]),
  );
}

/** The file with other names, and of some tensors other shapes. */
function renamed(file: Shapes, names: readonly [RegExp, string][], shapes: Record<string, number[]> = {}): Shapes {
  return Object.fromEntries(
    Object.entries(file).map(([name, tensor]) => {
      const other = names.reduce((text, [pattern, by]) => text.replace(pattern, by), name);
      return [other, shapes[other] === undefined ? tensor : { shape: shapes[other] }];
    }),
  );
}

const architectures = architectureNames.flatMap((name) =>
  (['imagenet', 'small'] as const)
    .flatMap((stem) => [{ name, stem, width: 64 } as const, { name, stem, width: 6 } as const])
    .filter((architecture) => misfit(architecture) === undefined),
);

describe('a file', () => {
  it.each(architectures)('of $name with the $stem stem and width $width is recognised', (architecture) => {
    expect(recognise(fileOf(architecture, 7), 'f')).toEqual({ architecture, classes: 7 });
  });

  it.each(['vgg16', 'vgg16_bn'] as const)('of timm’s %s is recognised', (name) => {
    const architecture = { name, stem: 'imagenet', width: 8 } as const;
    const names: [RegExp, string][] = [
      [/^classifier\.0/, 'pre_logits.fc1'],
      [/^classifier\.3/, 'pre_logits.fc2'],
      [/^classifier\.6/, 'head.fc'],
    ];
    const shapes = { 'pre_logits.fc1.weight': [512, 64, 7, 7], 'pre_logits.fc2.weight': [512, 512, 1, 1] };
    expect(recognise(renamed(fileOf(architecture, 5), names, shapes), 'f')).toEqual({ architecture, classes: 5 });
  });

  it('of torchvision’s first DenseNet-121 is recognised', () => {
    const architecture = { name: 'densenet121', stem: 'imagenet', width: 64 } as const;
    const names: [RegExp, string][] = [[/(denselayer\d+)\.(norm|conv)(\d)/, '$1.$2.$3']];
    const file = renamed(fileOf(architecture, 1000), names);
    expect(file['features.denseblock4.denselayer16.conv.2.weight']).toBeDefined();
    expect(recognise(file, 'f')).toEqual({ architecture, classes: 1000 });
  });

  it('with the counters that PyTorch adds is recognised', () => {
    const architecture = { name: 'resnet34', stem: 'small', width: 4 } as const;
    const file = { ...fileOf(architecture, 3), 'bn1.num_batches_tracked': { shape: [] } };
    expect(recognise(file, 'f')).toEqual({ architecture, classes: 3 });
  });
});

describe('what makes no network is refused', () => {
  const resnet50 = fileOf({ name: 'resnet50', stem: 'imagenet', width: 64 }, 10);
  const known =
    'known are resnet18, resnet34, resnet50, vgg16, vgg16_bn, densenet121, with the names of torchvision or timm';

  it.each<[string, Shapes, string]>([
    [
      'a wide ResNet-50',
      { ...resnet50, 'layer1.0.conv1.weight': { shape: [128, 64, 1, 1] } },
      `its 267 tensors make no network that is known; nearest is resnet50, where layer1.0.conv1.weight is [64,64,1,1] and here [128,64,1,1]; ${known}`,
    ],
    [
      'one with a tensor too many',
      { ...resnet50, 'layer4.3.conv1.weight': { shape: [512, 2048, 1, 1] } },
      'nearest is resnet50, where there is no layer4.3.conv1.weight; known are',
    ],
    [
      'a trunk without its last layer',
      Object.fromEntries(Object.entries(resnet50).filter(([name]) => !name.startsWith('fc.'))),
      `its 265 tensors make no network that is known; its first are conv1.weight, bn1.weight, bn1.bias; ${known}`,
    ],
    [
      'a vision transformer',
      { cls_token: { shape: [1, 1, 768] }, 'head.weight': { shape: [10, 768] } },
      'its 2 tensors make no network that is known; its first are cls_token, head.weight; known are',
    ],
    ['nothing', {}, 'its 0 tensors make no network that is known; its first are none; known are'],
  ])('%s', (_, file, problem) => {
    expect(() => recognise(file, 'suspect.safetensors')).toThrow(
      expect.objectContaining({
        name: 'WeightsError',
        message: expect.stringMatching(/^nets: suspect\.safetensors: its \d+ tensors make no network that is known; /),
      }),
    );
    expect(() => recognise(file, 'suspect.safetensors')).toThrow(problem);
  });
});
