/**
 * ResNet-18 (He et al. 2015, arXiv 1512.03385, table 1), with torchvision's parameter names.
 *
 * The topology is written once, over `Layers`: training, inference and the pixel gradient each bring their own.
 */
import type { Window } from './window.ts';

/** Which ResNet-18: `width` is the channels of its first block (64 in the paper), `stem` how it looks at the image. */
export interface Architecture {
  readonly name: 'resnet18';
  /** `imagenet`: 7×7 stride 2 and max-pool; `small`: 3×3 stride 1 and no pool, for small images. */
  readonly stem: 'imagenet' | 'small';
  readonly width: number;
}

/** What a network is made of; `T` is how an implementation holds an activation. */
export interface Layers<T> {
  /** Convolution, batch normalisation and, if asked for, ReLU. */
  convolution(x: T, convolution: string, norm: string, options: Window & { readonly relu: boolean }): T;
  /** 3×3, stride 2, padding 1; x must not be negative. */
  maxPool(x: T): T;
  /** ReLU(a + b); `a` is done then. */
  addRelu(a: T, b: T): T;
  /** [N, H, W, C] → [N, C]. */
  averagePool(x: T): T;
  /** Told that the forward pass does not read an activation again. */
  done(x: T): void;
}

const STAGES = [1, 2, 3, 4] as const;
const BLOCKS = [0, 1] as const;

/** Images → features [N, 8·width]. */
export function resnet18Features<T>({ stem }: Architecture, layers: Layers<T>, images: T): T {
  let x = layers.convolution(images, 'conv1', 'bn1', {
    ...(stem === 'imagenet' ? { stride: 2, padding: 3 } : { stride: 1, padding: 1 }),
    relu: true,
  });
  const goOn = (next: T): void => {
    layers.done(x);
    x = next;
  };
  if (stem === 'imagenet') goOn(layers.maxPool(x));
  for (const stage of STAGES) {
    for (const block of BLOCKS) {
      const name = `layer${stage}.${block}`;
      const stride = stage > 1 && block === 0 ? 2 : 1;
      const inner = layers.convolution(x, `${name}.conv1`, `${name}.bn1`, { stride, padding: 1, relu: true });
      const outer = layers.convolution(inner, `${name}.conv2`, `${name}.bn2`, { stride: 1, padding: 1, relu: false });
      layers.done(inner);
      if (stride === 2)
        goOn(
          layers.convolution(x, `${name}.downsample.0`, `${name}.downsample.1`, { stride, padding: 0, relu: false }),
        );
      const sum = layers.addRelu(outer, x);
      goOn(sum);
    }
  }
  const features = layers.averagePool(x);
  layers.done(x);
  return features;
}

/** Size D of the features. */
export function featureSize({ width }: Architecture): number {
  return 8 * width;
}

/** A parameter or buffer: filters are HWIO, `fc.weight` is [K, D]. */
export interface ParameterSpec {
  readonly name: string;
  readonly shape: readonly number[];
  readonly kind: 'filter' | 'scale' | 'offset' | 'runningMean' | 'runningVariance' | 'weight' | 'bias';
}

/** Every parameter and buffer of the network, in torchvision's order. */
export function resnet18Parameters({ stem, width }: Architecture, classes: number): ParameterSpec[] {
  const specs: ParameterSpec[] = [];
  const convolution = (conv: string, norm: string, size: number, input: number, output: number) => {
    specs.push({ name: `${conv}.weight`, shape: [size, size, input, output], kind: 'filter' });
    specs.push({ name: `${norm}.weight`, shape: [output], kind: 'scale' });
    specs.push({ name: `${norm}.bias`, shape: [output], kind: 'offset' });
    specs.push({ name: `${norm}.running_mean`, shape: [output], kind: 'runningMean' });
    specs.push({ name: `${norm}.running_var`, shape: [output], kind: 'runningVariance' });
  };
  convolution('conv1', 'bn1', stem === 'imagenet' ? 7 : 3, 3, width);
  let input = width;
  for (const stage of STAGES) {
    const output = width * 2 ** (stage - 1);
    for (const block of BLOCKS) {
      const name = `layer${stage}.${block}`;
      convolution(`${name}.conv1`, `${name}.bn1`, 3, input, output);
      convolution(`${name}.conv2`, `${name}.bn2`, 3, output, output);
      if (stage > 1 && block === 0) convolution(`${name}.downsample.0`, `${name}.downsample.1`, 1, input, output);
      input = output;
    }
  }
  specs.push({ name: 'fc.weight', shape: [classes, input], kind: 'weight' });
  specs.push({ name: 'fc.bias', shape: [classes], kind: 'bias' });
  return specs;
}
