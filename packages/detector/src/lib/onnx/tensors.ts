/** An input or output of a network, as its file declares it. */
export interface Declared {
  readonly name: string;
  /** Such as `float32`. */
  readonly type: string;
  /** A size that may vary has a name, or an empty one. */
  readonly shape: readonly (number | string)[];
}

/** What the images of a corpus are, and how many classes they have. */
export interface Corpus {
  readonly height: number;
  readonly width: number;
  readonly classes: number;
}

/** How a network takes its images. */
export interface ImageInput {
  readonly name: string;
  readonly layout: 'NCHW' | 'NHWC';
  /** Images that it takes at once, no fewer; undefined where any number will do. */
  readonly batch: number | undefined;
}

/**
 * The input that takes the images: the only one, float32, with 3 channels in the second or the last place.
 *
 * @throws Error saying what was found and what would be valid
 */
export function imageInput(inputs: readonly Declared[], { height, width }: Corpus): ImageInput {
  const [input] = inputs;
  if (!input || inputs.length > 1) throw new Error(`found the inputs ${listed(inputs)}, expected one, for the images`);
  const { name, type, shape } = input;
  const found = listed([input]);
  if (type !== 'float32') throw new Error(`the input ${found} is ${type}; expected float32`);
  const isFirst = shape[1] === 3;
  if (shape.length !== 4 || isFirst === (shape[3] === 3)) {
    throw new Error(
      `the input ${found} does not tell where its channels are; expected [N, 3, H, W] or [N, H, W, 3], with the 3 fixed`,
    );
  }
  const [batch, ...size] = isFirst ? [shape[0], shape[2], shape[3]] : shape;
  const fits = [height, width].every((side, i) => typeof size[i] !== 'number' || size[i] === side);
  if (!fits) {
    throw new Error(
      `the input ${found} takes images of ${size[0]}×${size[1]} pixels, the corpus has ${height}×${width}; ` +
        'expected the same, or a size that may vary',
    );
  }
  return { name, layout: isFirst ? 'NCHW' : 'NHWC', batch: typeof batch === 'number' ? batch : undefined };
}

/**
 * The output that has a number for each class: the one that is named, or the only one that can be it.
 *
 * @throws Error saying what was found and what would be valid
 */
export function classOutput(outputs: readonly Declared[], { classes }: Corpus, wanted?: string): string {
  const named = wanted === undefined ? outputs : outputs.filter(({ name }) => name === wanted);
  if (wanted !== undefined && named.length === 0)
    throw new Error(`found the outputs ${listed(outputs)}, not "${wanted}"; name one of them`);
  const fitting = named.filter(({ type, shape }) => type === 'float32' && mayBe(shape, classes));
  const [output] = fitting;
  if (!output) {
    throw new Error(
      `found the ${plural(named)} ${listed(named)}, expected float32 [N, ${classes}]: the corpus’ classes`,
    );
  }
  if (fitting.length === 1) return output.name;
  throw new Error(
    `found the outputs ${listed(fitting)}, any of which may be the logits; name them by --logits <output>`,
  );
}

function mayBe(shape: Declared['shape'], classes: number): boolean {
  return shape.length === 2 && (typeof shape[1] !== 'number' || shape[1] === classes);
}

function plural({ length }: readonly Declared[]): string {
  return length === 1 ? 'output' : 'outputs';
}

function listed(tensors: readonly Declared[]): string {
  return (
    tensors.map(({ name, shape }) => `${name} [${shape.map((size) => size || '?').join(', ')}]`).join(', ') || 'none'
  );
}
