import { describe, expect, it } from '@jest/globals';

import { classOutput, type Declared, imageInput } from './tensors.ts';

const corpus = { height: 16, width: 24, classes: 3 };
const tensor = (name: string, shape: Declared['shape'], type = 'float32'): Declared => ({ name, type, shape });

describe('imageInput', () => {
  it.each<[string, Declared['shape'], 'NCHW' | 'NHWC', number | undefined]>([
    ['channels first', [8, 3, 16, 24], 'NCHW', 8],
    ['channels last', [8, 16, 24, 3], 'NHWC', 8],
    ['a batch that varies', ['N', 3, 16, 24], 'NCHW', undefined],
    ['a batch that varies and has no name', ['', 16, 24, 3], 'NHWC', undefined],
    ['one image at once', [1, 3, 16, 24], 'NCHW', 1],
    ['a size that varies', ['N', 3, 'H', 'W'], 'NCHW', undefined],
    ['a size that varies, channels last', ['N', '', '', 3], 'NHWC', undefined],
    ['one side that varies', ['N', 3, 16, 'W'], 'NCHW', undefined],
  ])('takes %s', (_, shape, layout, batch) => {
    expect(imageInput([tensor('images', shape)], corpus)).toEqual({ name: 'images', layout, batch });
  });

  it.each<[string, Declared[], string]>([
    ['no input', [], 'found the inputs none, expected one, for the images'],
    [
      'an input too many',
      [tensor('images', ['N', 3, 16, 24]), tensor('mask', ['N'])],
      'found the inputs images [N, 3, 16, 24], mask [N], expected one, for the images',
    ],
    ['bytes', [tensor('x', [1, 3, 16, 24], 'uint8')], 'the input x [1, 3, 16, 24] is uint8; expected float32'],
    ['half precision', [tensor('x', ['N', 3, 16, 24], 'float16')], 'x [N, 3, 16, 24] is float16; expected float32'],
    ['what is no tensor', [tensor('x', [], 'no tensor')], 'the input x [] is no tensor; expected float32'],
    [
      'one channel',
      [tensor('x', ['', 1, 16, 24])],
      'the input x [?, 1, 16, 24] does not tell where its channels are; expected [N, 3, H, W] or [N, H, W, 3], with the 3 fixed',
    ],
    ['channels that vary', [tensor('x', ['N', 'C', 16, 24])], 'x [N, C, 16, 24] does not tell where its channels are'],
    ['channels in either place', [tensor('x', ['N', 3, 16, 3])], 'x [N, 3, 16, 3] does not tell where'],
    ['an image without a batch', [tensor('x', [3, 16, 24])], 'x [3, 16, 24] does not tell where'],
    ['a sequence of images', [tensor('x', ['N', 3, 5, 16, 24])], 'x [N, 3, 5, 16, 24] does not tell where'],
    [
      'images of another height',
      [tensor('x', ['N', 3, 32, 24])],
      'the input x [N, 3, 32, 24] takes images of 32×24 pixels, the corpus has 16×24; expected the same, or a size that may vary',
    ],
    [
      'height and width exchanged',
      [tensor('x', ['N', 24, 16, 3])],
      'takes images of 24×16 pixels, the corpus has 16×24',
    ],
    ['another width beside a height that varies', [tensor('x', ['N', 3, 'H', 32])], 'takes images of H×32 pixels'],
  ])('refuses %s', (_, inputs, message) => {
    expect(() => imageInput(inputs, corpus)).toThrow(message);
  });
});

describe('classOutput', () => {
  const logits = tensor('logits', ['N', 3]);

  it.each<[string, Declared[]]>([
    ['the only output', [logits]],
    ['an output whose classes vary', [tensor('logits', ['N', 'classes'])]],
    ['an output of a fixed batch', [tensor('logits', [8, 3])]],
    [
      'the one that fits beside features, masks and numbers of another type',
      [
        ...[tensor('features', ['N', 512]), tensor('maps', ['N', 3, 4, 4]), tensor('label', ['N', 3], 'int64')],
        ...[tensor('scalar', []), logits],
      ],
    ],
  ])('takes %s', (_, outputs) => {
    expect(classOutput(outputs, corpus)).toBe('logits');
  });

  it('takes the one that is named, where several may be it', () => {
    expect(classOutput([tensor('features', ['N', 'D']), logits, tensor('other', ['N', 3])], corpus, 'other')).toBe(
      'other',
    );
  });

  it.each<[string, Declared[], string | undefined, string]>([
    ['no output', [], undefined, 'found the outputs none, expected float32 [N, 3]: the corpus’ classes'],
    ['other classes', [tensor('y', ['N', 10])], undefined, 'found the output y [N, 10], expected float32 [N, 3]'],
    [
      'another type',
      [tensor('y', ['N', 3], 'float16')],
      undefined,
      'found the output y [N, 3], expected float32 [N, 3]',
    ],
    ['one number for all', [tensor('y', [3])], undefined, 'found the output y [3], expected float32 [N, 3]'],
    [
      'several of which none fits',
      [tensor('y', ['N', 10]), tensor('z', ['N', 3, 1])],
      undefined,
      'found the outputs y [N, 10], z [N, 3, 1], expected float32 [N, 3]',
    ],
    [
      'several that may be it',
      [logits, tensor('other', ['N', '']), tensor('y', ['N', 10])],
      undefined,
      'found the outputs logits [N, 3], other [N, ?], any of which may be the logits; name them by --logits <output>',
    ],
    ['a name that is not there', [logits], 'scores', 'found the outputs logits [N, 3], not "scores"; name one of them'],
    ['a name of none', [], 'scores', 'found the outputs none, not "scores"'],
    [
      'a name of what does not fit',
      [logits, tensor('features', ['N', 512])],
      'features',
      'found the output features [N, 512], expected float32 [N, 3]: the corpus’ classes',
    ],
  ])('refuses %s', (_, outputs, wanted, message) => {
    expect(() => classOutput(outputs, corpus, wanted)).toThrow(message);
  });
});
