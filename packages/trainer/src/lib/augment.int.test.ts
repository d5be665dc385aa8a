import { describe, expect, it } from '@jest/globals';
import { Rng } from '@radiotracer/nets';

import { difference, imageCases, pixelsOf } from '../../test/augmentation-fixture.ts';
import { augmented } from './augment.ts';
import { operations } from './rand-augment.ts';
import type { Augmentation } from './types.ts';

const rng = (): Rng => Rng.of(1, 'test');

describe.each(imageCases)('the image $name', ({ image, expected }) => {
  const changed = async (...changes: Augmentation[]) => (await augmented(image, changes, rng())).pixels;

  it('comes out of JPEG as out of Pillow', async () => {
    for (const { quality, pixels } of expected.jpeg) {
      expect([quality, await changed({ name: 'jpeg', quality })]).toEqual([quality, pixelsOf(pixels)]);
    }
  });

  it('is resized down and up as by Pillow', async () => {
    for (const { factor, pixels } of expected.resize) {
      expect([factor, await changed({ name: 'resize', factor })]).toEqual([factor, pixelsOf(pixels)]);
    }
  });

  it('is grey as by torchvision', async () => {
    expect(await changed({ name: 'grey' })).toEqual(pixelsOf(expected.grey));
  });

  it('is blurred as by torchvision, which sums in float32 and so rounds some values to the other side', async () => {
    for (const { sigma, pixels } of expected.blur.filter(
      ({ sigma }) => 3 * sigma < Math.min(image.height, image.width),
    )) {
      const { most, share } = difference(await changed({ name: 'blur', sigma }), pixelsOf(pixels));
      expect(most).toBeLessThanOrEqual(1);
      expect(share).toBeLessThan(0.005);
    }
  });

  it.each(Object.keys(operations))('goes through %s of RandAugment as in torchvision', (name) => {
    const { apply } = operations[name as keyof typeof operations];
    const cases = expected.operations.filter((operation) => operation.name === name);
    expect(cases.length).toBeGreaterThan(0);
    for (const { strength, pixels } of cases) {
      expect([strength, apply(image, strength).pixels]).toEqual([strength, pixelsOf(pixels)]);
    }
  });
});
