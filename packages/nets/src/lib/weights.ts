import type { Architecture } from './architecture.ts';
import { WeightsError } from './errors.ts';
import { type ParameterSpec, parameterSpecs } from './parameter-specs.ts';
import type { Parameters } from './parameters.ts';
import { COUNTER, type NamedArray } from './safetensors.ts';
import { tf } from './tensorflow.ts';
import { storedShape, torchvisionLayout } from './torchvision-layout.ts';

/**
 * Parameters as torchvision stores them: filters OIHW instead of HWIO.
 *
 * @returns arrays by torchvision's name, in torchvision's order
 */
export function toTorchvision(parameters: Parameters): Record<string, NamedArray> {
  return Object.fromEntries(
    Object.entries(parameters).map(([name, tensor]) => {
      const stored = tensor.rank === 4 ? tf.transpose(tensor, [3, 2, 0, 1]) : tensor.clone(); // HWIO → OIHW
      const array = { shape: stored.shape, data: stored.dataSync() as Float32Array };
      stored.dispose();
      return [name, array];
    }),
  );
}

/**
 * Parameters from torchvision's arrays, or timm's. Entries that PyTorch adds and nobody needs (`num_batches_tracked`) are
 * passed over.
 *
 * @param file - named in errors
 * @returns tensors that the caller owns
 * @throws WeightsError naming the first tensor that is missing, unknown or of another shape
 */
export function fromTorchvision(
  stored: Readonly<Record<string, NamedArray>>,
  architecture: Architecture,
  classes: number,
  file: string,
): Parameters {
  const arrays = torchvisionLayout(stored);
  const specs = parameterSpecs(architecture, classes);
  const known = new Set(specs.map(({ name }) => name));
  const unknown = Object.keys(arrays).find((name) => !known.has(name) && !name.endsWith(COUNTER));
  if (unknown !== undefined) throw new WeightsError(file, `tensor ${unknown} is not part of ${describe(architecture)}`);
  for (const spec of specs) checkShape(spec, arrays[spec.name], file);
  return Object.fromEntries(
    specs.map(({ name }) => {
      const { shape, data } = arrays[name] as NamedArray;
      const tensor = tf.tensor(data, [...shape]);
      if (shape.length !== 4) return [name, tensor];
      const filter = tf.transpose(tensor, [2, 3, 1, 0]); // OIHW → HWIO
      tensor.dispose();
      return [name, filter];
    }),
  );
}

function checkShape({ name, shape }: ParameterSpec, array: NamedArray | undefined, file: string): void {
  if (array === undefined) throw new WeightsError(file, `tensor ${name} is missing`);
  const expected = storedShape(shape);
  if (String(array.shape) !== String(expected)) {
    throw new WeightsError(
      file,
      `tensor ${name} has shape [${String(array.shape)}], [${String(expected)}] was expected`,
    );
  }
}

function describe({ name, stem, width }: Architecture): string {
  return `${name} with the ${stem} stem and width ${width}`;
}
