import { PIXEL_STD } from '@radiotracer/nets';

import type { MarkingSettings } from './types.ts';

/** Moves pixel changes δ, in 8-bit levels, against the gradient with respect to them. */
export interface PixelStepper {
  step(deltas: Float32Array, gradient: Float32Array): void;
}

const ADAM = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };

/**
 * The optimiser of a batch of versions; pixels are RGB interleaved.
 *
 * `sgd`: the authors' learning rate is that of normalised pixels, z = (x/255 − mean)/std; the same step in levels is
 * learningRate · (255 · std)² · gradient. `adam`: Kingma and Ba 2015, algorithm 1 in the order of the end of its section
 * 2, in which ε = 1e−8 is not corrected for bias (as in TensorFlow; PyTorch corrects it); learning rate in levels.
 */
export function pixelStepper({ optimizer, learningRate }: MarkingSettings, size: number): PixelStepper {
  switch (optimizer) {
    case 'sgd': {
      const rates = PIXEL_STD.map((std) => learningRate * (255 * std) ** 2);
      return {
        step(deltas, gradient) {
          rates.forEach((rate, channel) => {
            for (let i = channel; i < size; i += 3) {
              deltas[i] = (deltas[i] as number) - rate * (gradient[i] as number);
            }
          });
        },
      };
    }
    case 'adam': {
      const mean = new Float32Array(size);
      const variance = new Float32Array(size);
      let t = 0;
      return {
        step(deltas, gradient) {
          t++;
          const rate = (learningRate * Math.sqrt(1 - ADAM.beta2 ** t)) / (1 - ADAM.beta1 ** t);
          for (let i = 0; i < size; i++) {
            const g = gradient[i] as number;
            const m = ADAM.beta1 * (mean[i] as number) + (1 - ADAM.beta1) * g;
            const v = ADAM.beta2 * (variance[i] as number) + (1 - ADAM.beta2) * g * g;
            mean[i] = m;
            variance[i] = v;
            deltas[i] = (deltas[i] as number) - (rate * m) / (Math.sqrt(v) + ADAM.epsilon);
          }
        },
      };
    }
  }
}
