/**
 * The network once more, in plain float64 loops, as an oracle: slow, independent of TensorFlow's kernels, and exact
 * enough for finite differences. It keeps count of which side of its kinks every ReLU and maximum is on.
 */
import type { Parameters } from '../src/lib/parameters.ts';
import { type Architecture, familyOf, lastLayer } from '../src/lib/architecture.ts';
import type { Convolution, Layers, Pool } from '../src/lib/layers.ts';
import type { tf } from '../src/lib/tensorflow.ts';

const EPSILON = 1e-5;

export interface Array64 {
  readonly shape: readonly number[];
  readonly data: Float64Array;
}

/** A tensor's values in float64. */
export function array64(tensor: tf.Tensor): Array64 {
  return { shape: tensor.shape, data: Float64Array.from(tensor.dataSync()) };
}

export type Parameters64 = Readonly<Record<string, Array64>>;

export function parameters64(parameters: Parameters): Parameters64 {
  return Object.fromEntries(Object.entries(parameters).map(([name, tensor]) => [name, array64(tensor)]));
}

export interface Output64 {
  /** [N, D]. */
  readonly features: Array64;
  /** Differs between two runs if a ReLU or a maximum took another side. */
  readonly pattern: number;
}

/** Images [N, H, W, 3] → features; batch normalisation by the batch's own statistics, or by the running ones. */
export function features64(
  architecture: Architecture,
  parameters: Parameters64,
  images: Array64,
  mode: 'training' | 'evaluation',
): Output64 {
  const layers = new Float64Layers(parameters, mode);
  const features = familyOf(architecture).features<Array64>(layers, images, architecture);
  return { features, pattern: layers.pattern };
}

/** Mean cross-entropy of a batch in training mode, in nats. */
export function meanLoss64(
  architecture: Architecture,
  parameters: Parameters64,
  images: Array64,
  labels: readonly number[],
): { loss: number; pattern: number } {
  const { features, pattern } = features64(architecture, parameters, images, 'training');
  const logits = logits64(architecture, parameters, features);
  const classes = logits.shape[1] as number;
  const losses = labels.map((label, i) => {
    const row = logits.data.subarray(i * classes, (i + 1) * classes);
    const largest = row.reduce((a, b) => Math.max(a, b));
    return Math.log(row.reduce((sum, x) => sum + Math.exp(x - largest), 0)) + largest - (row[label] as number);
  });
  return { loss: losses.reduce((a, b) => a + b, 0) / labels.length, pattern };
}

/** Features [N, D] → logits [N, K]. */
export function logits64(architecture: Architecture, parameters: Parameters64, features: Array64): Array64 {
  return linear64(parameters, lastLayer(architecture), features);
}

/** [N, D] → [N, K]. */
function linear64(parameters: Parameters64, name: string, features: Array64): Array64 {
  const weight = parameters[`${name}.weight`] as Array64;
  const [[n, depth], classes] = [features.shape as [number, number], weight.shape[0] as number];
  const data = Float64Array.from({ length: n * classes }, (_, index) => {
    const [i, k] = [Math.floor(index / classes), index % classes];
    let sum = parameters[`${name}.bias`]?.data[k] as number;
    for (let d = 0; d < depth; d++) sum += at(features, i * depth + d) * at(weight, k * depth + d);
    return sum;
  });
  return { shape: [n, classes], data };
}

class Float64Layers implements Layers<Array64> {
  pattern = 0;

  constructor(
    private readonly parameters: Parameters64,
    private readonly mode: 'training' | 'evaluation',
  ) {}

  convolution(x: Array64, { name, bias, norm, relu, ...window }: Convolution): Array64 {
    const convolved = convolve(x, this.get(`${name}.weight`), window);
    const biased = bias ? added(convolved, this.get(`${name}.bias`)) : convolved;
    const normalised = norm === undefined ? biased : this.normalise(biased, norm);
    return relu ? this.relu(normalised) : normalised;
  }

  normRelu(x: Array64, norm: string): Array64 {
    return this.relu(this.normalise(x, norm));
  }

  linearRelu(x: Array64, { name }: { readonly name: string }): Array64 {
    return this.relu(linear64(this.parameters, name, x));
  }

  /** Padded by −∞, as PyTorch does. */
  maxPool(x: Array64, { size, stride, padding }: Pool): Array64 {
    const [n, height, width, channels] = x.shape as Shape;
    const extent = (length: number): number => Math.floor((length + 2 * padding - size) / stride) + 1;
    return build([n, extent(height), extent(width), channels], (i, oy, ox, c) => {
      let [largest, from] = [-Infinity, -1];
      const [top, left] = [stride * oy - padding, stride * ox - padding];
      for (let y = Math.max(0, top); y < Math.min(height, top + size); y++) {
        for (let column = Math.max(0, left); column < Math.min(width, left + size); column++) {
          const index = ((i * height + y) * width + column) * channels + c;
          if (at(x, index) > largest) [largest, from] = [at(x, index), index];
        }
      }
      this.note(from);
      return largest;
    });
  }

  halve(x: Array64): Array64 {
    const [n, height, width, channels] = x.shape as Shape;
    return build([n, Math.floor(height / 2), Math.floor(width / 2), channels], (i, oy, ox, c) =>
      mean(x, i, c, [2 * oy, 2 * oy + 2], [2 * ox, 2 * ox + 2]),
    );
  }

  averageParts(x: Array64, side: number): Array64 {
    const [n, height, width, channels] = x.shape as Shape;
    const part = (k: number, extent: number): [number, number] => [
      Math.floor((k * extent) / side),
      Math.ceil(((k + 1) * extent) / side),
    ];
    const { data } = build([n, channels, side, side], (i, c, oy, ox) =>
      mean(x, i, c, part(oy, height), part(ox, width)),
    );
    return { shape: [n, channels * side * side], data };
  }

  concat(a: Array64, b: Array64): Array64 {
    const [n, height, width, channels] = a.shape as Shape;
    const more = b.shape[3] as number;
    return build([n, height, width, channels + more], (i, y, column, c) => {
      const pixel = (i * height + y) * width + column;
      return c < channels ? at(a, pixel * channels + c) : at(b, pixel * more + c - channels);
    });
  }

  done(): void {}

  addRelu(a: Array64, b: Array64): Array64 {
    return this.relu({ shape: a.shape, data: a.data.map((value, i) => value + at(b, i)) });
  }

  averagePool(x: Array64): Array64 {
    const [n, height, width, channels] = x.shape as Shape;
    const data = new Float64Array(n * channels);
    x.data.forEach((value, index) => {
      const i = Math.floor(index / (height * width * channels)) * channels + (index % channels);
      data[i] = (data[i] as number) + value / (height * width);
    });
    return { shape: [n, channels], data };
  }

  private get(name: string): Array64 {
    return this.parameters[name] as Array64;
  }

  private normalise(x: Array64, norm: string): Array64 {
    const channels = x.shape[3] as number;
    const { mean, variance } =
      this.mode === 'training'
        ? batchMoments(x, channels)
        : { mean: this.get(`${norm}.running_mean`).data, variance: this.get(`${norm}.running_var`).data };
    const [scale, offset] = [this.get(`${norm}.weight`).data, this.get(`${norm}.bias`).data];
    const factor = scale.map((value, c) => value / Math.sqrt((variance[c] as number) + EPSILON));
    const data = x.data.map((value, index) => {
      const c = index % channels;
      return (value - (mean[c] as number)) * (factor[c] as number) + (offset[c] as number);
    });
    return { shape: x.shape, data };
  }

  private relu(x: Array64): Array64 {
    const data = x.data.map((value) => {
      this.note(value > 0 ? 1 : 0);
      return value > 0 ? value : 0;
    });
    return { shape: x.shape, data };
  }

  /** Mixes a choice into `pattern`. */
  private note(choice: number): void {
    this.pattern = (Math.imul(this.pattern, 31) + choice + 1) | 0;
  }
}

type Shape = [number, number, number, number];

/** x [N, H, W, C], filter [h, w, C, O] → [N, H', W', O], zeros outside. */
function convolve(x: Array64, filter: Array64, { stride, padding }: { stride: number; padding: number }): Array64 {
  const [n, height, width, input] = x.shape as Shape;
  const [size, , , output] = filter.shape as Shape;
  const extent = (length: number): number => Math.floor((length + 2 * padding - size) / stride) + 1;
  const [xs, fs] = [x.data, filter.data];
  return build([n, extent(height), extent(width), output], (i, oy, ox, o) => {
    let sum = 0;
    for (let fy = 0; fy < size; fy++) {
      const y = oy * stride + fy - padding;
      if (y < 0 || y >= height) continue;
      for (let fx = 0; fx < size; fx++) {
        const column = ox * stride + fx - padding;
        if (column < 0 || column >= width) continue;
        const from = ((i * height + y) * width + column) * input;
        const weight = (fy * size + fx) * input;
        for (let c = 0; c < input; c++) sum += (xs[from + c] as number) * (fs[(weight + c) * output + o] as number);
      }
    }
    return sum;
  });
}

function added(x: Array64, bias: Array64): Array64 {
  const channels = bias.data.length;
  return { shape: x.shape, data: x.data.map((value, i) => value + at(bias, i % channels)) };
}

/** Of channel c of image i, over rows and columns [from, to). */
function mean(x: Array64, i: number, c: number, rows: [number, number], columns: [number, number]): number {
  const [, height, width, channels] = x.shape as Shape;
  let sum = 0;
  for (let y = rows[0]; y < rows[1]; y++) {
    for (let column = columns[0]; column < columns[1]; column++) {
      sum += at(x, ((i * height + y) * width + column) * channels + c);
    }
  }
  return sum / ((rows[1] - rows[0]) * (columns[1] - columns[0]));
}

function batchMoments(x: Array64, channels: number): { mean: Float64Array; variance: Float64Array } {
  const count = x.data.length / channels;
  const mean = new Float64Array(channels);
  const variance = new Float64Array(channels);
  x.data.forEach((value, i) => (mean[i % channels] = (mean[i % channels] as number) + value / count));
  x.data.forEach((value, i) => {
    const c = i % channels;
    variance[c] = (variance[c] as number) + (value - (mean[c] as number)) ** 2 / count;
  });
  return { mean, variance };
}

function build(shape: Shape, value: (i: number, y: number, x: number, c: number) => number): Array64 {
  const [n, height, width, channels] = shape;
  const data = new Float64Array(n * height * width * channels);
  let index = 0;
  for (let i = 0; i < n; i++) {
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) for (let c = 0; c < channels; c++) data[index++] = value(i, y, x, c);
    }
  }
  return { shape, data };
}

function at({ data }: Array64, i: number): number {
  return data[i] as number;
}
