/**
 * VGG-16 (Simonyan and Zisserman 2015, arXiv 1409.1556, table 1, D), without and with batch normalisation, with
 * torchvision's parameter names.
 *
 * Its two dropouts, between the linear layers, are left out: inference has none, and a training pass here is a function
 * of weights and images alone.
 */
import type { Family } from './family.ts';

/** Channels of the convolutions by the width, and where a pool halves the image. */
const LAYOUT = [1, 1, 'pool', 2, 2, 'pool', 4, 4, 4, 'pool', 8, 8, 8, 'pool', 8, 8, 8, 'pool'] as const;

export const vgg16 = vgg({ hasNorm: false });
export const vgg16Bn = vgg({ hasNorm: true });

/** The width is the channels of the first convolution, 64 in the paper; the linear layers have 64 times as many. */
function vgg({ hasNorm }: { readonly hasNorm: boolean }): Family {
  return {
    stems: ['imagenet'],
    widthStep: 1,
    lastLayer: 'classifier.6',
    initial: { filters: 'fan_out', weights: 'normal', biases: 'zero' },
    features(layers, images, { width }) {
      let x = images;
      const goOn = (next: typeof x): void => {
        if (x !== images) layers.done(x);
        x = next;
      };
      let place = 0; // in torchvision's list of layers, where ReLUs count
      for (const part of LAYOUT) {
        if (part === 'pool') {
          goOn(layers.maxPool(x, { size: 2, stride: 2, padding: 0 }));
          place += 1;
          continue;
        }
        const convolution = { size: 3, stride: 1, padding: 1, outputs: part * width, bias: true, relu: true };
        const norm = hasNorm ? { norm: `features.${place + 1}` } : {};
        goOn(layers.convolution(x, { name: `features.${place}`, ...norm, ...convolution }));
        place += hasNorm ? 3 : 2;
      }
      goOn(layers.averageParts(x, 7));
      goOn(layers.linearRelu(x, { name: 'classifier.0', outputs: 64 * width }));
      goOn(layers.linearRelu(x, { name: 'classifier.3', outputs: 64 * width }));
      return x;
    },
  };
}
