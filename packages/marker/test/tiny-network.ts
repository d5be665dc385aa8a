import { type Architecture, FrozenNetwork, initialParameters, type Parameters, Rng, tf } from '@radiotracer/nets';

/** The smallest ResNet-18 that has room for several carriers: D = 32. */
export const ARCHITECTURE: Architecture = { name: 'resnet18', stem: 'small', width: 4 };
export const SIDE = 16;
export const IMAGE_SIZE = SIDE * SIDE * 3;

/**
 * Fresh parameters, with batch normalisation that does something: its means and offsets are not 0, nor its scales 1.
 * The caller owns them.
 */
export function tinyParameters(seed: number, classes = 3): Parameters {
  const fresh = initialParameters(ARCHITECTURE, classes, seed);
  return Object.fromEntries(
    Object.entries(fresh).map(([name, tensor]) => {
      if (!/(bn\d|downsample\.1)\./.test(name)) return [name, tensor];
      const rng = Rng.of(seed, 'norm', name);
      const values = Float32Array.from(tensor.dataSync(), (value) => value + 0.3 * (rng.uniform() - 0.5));
      tensor.dispose();
      return [name, tf.tensor(values, tensor.shape)];
    }),
  );
}

/** An untrained network; the caller disposes it. */
export function tinyNetwork(seed: number): FrozenNetwork {
  const parameters = tinyParameters(seed);
  const network = FrozenNetwork.fold(ARCHITECTURE, parameters);
  tf.dispose(parameters);
  return network;
}

/** A random unit vector. */
export function direction(seed: number, dimension: number): Float32Array {
  const rng = Rng.of(seed, 'direction');
  const gaussian = Array.from({ length: dimension }, () => rng.normal());
  const norm = Math.hypot(...gaussian);
  return Float32Array.from(gaussian, (x) => x / norm);
}

/** Random pixels in 0..255, [SIDE, SIDE, 3]. */
export function randomImage(seed: number): Uint8Array {
  const rng = Rng.of(seed, 'image');
  return Uint8Array.from({ length: IMAGE_SIZE }, () => rng.integer(256));
}
