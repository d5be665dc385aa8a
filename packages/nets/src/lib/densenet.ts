/** DenseNet-121 (Huang et al. 2017, arXiv 1608.06993, table 1), with torchvision's parameter names. */
import type { Family } from './family.ts';
import type { Convolution } from './layers.ts';
import { firstLayers } from './stem.ts';

export const densenet121 = densenet([6, 12, 24, 16]);

/**
 * The width is the channels of the stem, 64 in the paper; every layer of a block adds half as many.
 *
 * @param depths - layers by block
 */
function densenet(depths: readonly number[]): Family {
  return {
    stems: ['imagenet', 'small'],
    widthStep: 2,
    lastLayer: 'classifier',
    initial: { filters: 'fan_in', weights: 'uniform', biases: 'zero' },
    features(layers, images, { stem, width }) {
      let x = firstLayers(layers, images, stem, { name: 'features.conv0', norm: 'features.norm0', outputs: width });
      const goOn = (next: typeof x): void => {
        layers.done(x);
        x = next;
      };
      const growth = width / 2;
      let channels = width;
      depths.forEach((depth, block) => {
        for (let i = 1; i <= depth; i++) {
          const name = `features.denseblock${block + 1}.denselayer${i}`;
          const normalised = layers.normRelu(x, `${name}.norm1`);
          const squeeze = { name: `${name}.conv1`, norm: `${name}.norm2`, outputs: 4 * growth };
          const squeezed = layers.convolution(normalised, { ...POINTWISE, ...squeeze, relu: true });
          layers.done(normalised);
          const grow = { name: `${name}.conv2`, size: 3, stride: 1, padding: 1, outputs: growth };
          const grown = layers.convolution(squeezed, { ...grow, bias: false, relu: false });
          layers.done(squeezed);
          goOn(layers.concat(x, grown));
          layers.done(grown);
          channels += growth;
        }
        if (block + 1 === depths.length) return;
        channels /= 2;
        const name = `features.transition${block + 1}`;
        goOn(layers.normRelu(x, `${name}.norm`));
        goOn(layers.convolution(x, { ...POINTWISE, name: `${name}.conv`, outputs: channels, relu: false }));
        goOn(layers.halve(x));
      });
      goOn(layers.normRelu(x, `features.norm${depths.length + 1}`));
      goOn(layers.averagePool(x));
      return x;
    },
  };
}

const POINTWISE = { size: 1, stride: 1, padding: 0, bias: false } satisfies Partial<Convolution>;
