import { initialParameters, isTrainable, type Parameters } from '../src/lib/parameters.ts';
import type { Architecture } from '../src/lib/architecture.ts';
import { Rng } from '../src/lib/rng.ts';
import { tf } from '../src/lib/tensorflow.ts';

/** A ResNet-18 of width 4 with either stem. */
export function smallArchitecture(stem: Architecture['stem']): Architecture {
  return { name: 'resnet18', stem, width: 4 };
}

/** Fresh filters, and batch normalisation far from the identity, as after training. The caller owns the tensors. */
export function trainedLooking(architecture: Architecture, classes: number, seed: number): Parameters {
  const initial = initialParameters(architecture, classes, seed);
  return Object.fromEntries(
    Object.entries(initial).map(([name, tensor]) => {
      if (tensor.rank !== 1) return [name, tensor];
      const rng = Rng.of(seed, 'norm', name);
      const values = tensor.dataSync().map((value) => value + 0.4 * (2 * rng.uniform() - 1));
      tensor.dispose();
      return [name, tf.tensor(values, tensor.shape)];
    }),
  );
}

/** Standard normal images [N, H, W, 3]. The caller owns them. */
export function randomImages(n: number, height: number, width: number, seed: number): tf.Tensor4D {
  const rng = Rng.of(seed, 'images');
  return tf.tensor4d(
    Float32Array.from({ length: n * height * width * 3 }, () => rng.normal()),
    [n, height, width, 3],
  );
}

export function trainableNames(parameters: Parameters): string[] {
  return Object.keys(parameters).filter(isTrainable);
}
