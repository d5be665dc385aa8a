import type { Layers } from './layers.ts';

/** `imagenet`: as in the paper; `small`: 3×3 stride 1 and no pool at first, for small images. */
export type Stem = 'imagenet' | 'small';

/** Networks that differ in depth, width and stem alone. */
export interface Family {
  /** The stems that it can have. */
  readonly stems: readonly Stem[];
  /** Widths are multiples of it. */
  readonly widthStep: number;
  /** Name of the layer that makes logits of features. */
  readonly lastLayer: string;
  /** How torchvision draws what is not constant. */
  readonly initial: Initial;
  /** Images → features [N, D]. */
  features<T>(layers: Layers<T>, images: T, form: { readonly stem: Stem; readonly width: number }): T;
}

export interface Initial {
  /** Filters are normal with variance 2 / fan_in or 2 / fan_out (He et al. 2015, arXiv 1502.01852). */
  readonly filters: 'fan_in' | 'fan_out';
  /** Weights of linear layers: U(±1/√fan_in), or N(0, 0.01²) at the full width and with the same gain at others. */
  readonly weights: 'uniform' | 'normal';
  /** Biases of linear layers: U(±1/√fan_in), or 0. Those of convolutions are 0. */
  readonly biases: 'uniform' | 'zero';
}
