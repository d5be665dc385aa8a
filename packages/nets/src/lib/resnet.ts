/**
 * Residual networks (He et al. 2015, arXiv 1512.03385, table 1), with torchvision's parameter names. In bottlenecks the
 * 3×3 convolution strides, as torchvision has it ("v1.5").
 */
import type { Family } from './family.ts';
import type { Convolution, Layers } from './layers.ts';
import { firstLayers } from './stem.ts';

/** One residual branch: its convolutions in order, each normalised, the last without ReLU. */
interface Block {
  /** Channels that leave a block, by the width of its stage. */
  readonly expansion: number;
  branch(width: number, stride: number): readonly Pick<Convolution, 'size' | 'outputs' | 'stride'>[];
}

const basic: Block = {
  expansion: 1,
  branch: (width, stride) => [
    { size: 3, outputs: width, stride },
    { size: 3, outputs: width, stride: 1 },
  ],
};

const bottleneck: Block = {
  expansion: 4,
  branch: (width, stride) => [
    { size: 1, outputs: width, stride: 1 },
    { size: 3, outputs: width, stride },
    { size: 1, outputs: 4 * width, stride: 1 },
  ],
};

export const resnet18 = resnet(basic, [2, 2, 2, 2]);
export const resnet34 = resnet(basic, [3, 4, 6, 3]);
export const resnet50 = resnet(bottleneck, [3, 4, 6, 3]);

/**
 * The width is the channels of the stem, 64 in the paper.
 *
 * @param depths - blocks by stage
 */
function resnet(block: Block, depths: readonly number[]): Family {
  return {
    stems: ['imagenet', 'small'],
    widthStep: 1,
    lastLayer: 'fc',
    initial: { filters: 'fan_out', weights: 'uniform', biases: 'uniform' },
    features(layers, images, { stem, width }) {
      let x = firstLayers(layers, images, stem, { name: 'conv1', norm: 'bn1', outputs: width });
      const goOn = (next: typeof x): void => {
        layers.done(x);
        x = next;
      };
      depths.forEach((depth, stage) => {
        for (let i = 0; i < depth; i++) {
          const name = `layer${stage + 1}.${i}`;
          const stride = stage > 0 && i === 0 ? 2 : 1;
          const outer = branch(layers, x, name, block.branch(width * 2 ** stage, stride));
          const outputs = width * 2 ** stage * block.expansion;
          if (i === 0 && (stride === 2 || outputs !== width)) {
            const downsample = { name: `${name}.downsample.0`, norm: `${name}.downsample.1`, size: 1, stride, outputs };
            goOn(layers.convolution(x, { ...downsample, padding: 0, bias: false, relu: false }));
          }
          goOn(layers.addRelu(outer, x));
        }
      });
      goOn(layers.averagePool(x));
      return x;
    },
  };
}

function branch<T>(layers: Layers<T>, input: T, name: string, parts: ReturnType<Block['branch']>): T {
  let x = input;
  parts.forEach(({ size, outputs, stride }, i) => {
    const y = layers.convolution(x, {
      ...{ name: `${name}.conv${i + 1}`, norm: `${name}.bn${i + 1}`, size, outputs, stride },
      ...{ padding: (size - 1) / 2, bias: false, relu: i + 1 < parts.length },
    });
    if (x !== input) layers.done(x);
    x = y;
  });
  return x;
}
