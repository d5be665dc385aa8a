import type { Window } from './window.ts';

/**
 * What a network is made of; `T` is how an implementation holds an activation.
 *
 * A family writes its topology once, over this interface: training, inference, folding and the list of parameters each
 * bring their own layers. Names are torchvision's.
 */
export interface Layers<T> {
  /** Convolution, and what follows it at once. */
  convolution(x: T, convolution: Convolution): T;
  /** Batch normalisation and ReLU of what no convolution gave. */
  normRelu(x: T, norm: string): T;
  /** [N, D] → ReLU of [N, outputs]. */
  linearRelu(x: T, linear: { readonly name: string; readonly outputs: number }): T;
  /** x must not be negative. */
  maxPool(x: T, pool: Pool): T;
  /** 2×2, stride 2: [N, H, W, C] → [N, ⌊H/2⌋, ⌊W/2⌋, C]. */
  halve(x: T): T;
  /** [N, H, W, C] → [N, C]. */
  averagePool(x: T): T;
  /** Averages of `side`² overlapping parts, [N, H, W, C] → [N, C · side²], channel by channel (torch's adaptive pool). */
  averageParts(x: T, side: number): T;
  /** ReLU(a + b); `a` is done then. */
  addRelu(a: T, b: T): T;
  /** [N, H, W, A] and [N, H, W, B] → [N, H, W, A + B]. */
  concat(a: T, b: T): T;
  /** Told that the forward pass does not read an activation again. */
  done(x: T): void;
}

export interface Convolution extends Window {
  /** Its filter is `<name>.weight`. */
  readonly name: string;
  /** Height and width of the filter. */
  readonly size: number;
  readonly outputs: number;
  /** Whether `<name>.bias` is added. */
  readonly bias: boolean;
  /** The batch normalisation that follows, if one does. */
  readonly norm?: string;
  /** Only after a bias or a normalisation. */
  readonly relu: boolean;
}

/** A window that takes the largest of `size`² pixels. */
export interface Pool extends Window {
  readonly size: number;
}
