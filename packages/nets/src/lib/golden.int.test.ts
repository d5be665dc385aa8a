import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { describe, expect, it } from '@jest/globals';
import { pythonVenv } from '@radiotracer/testing';

import type { Architecture } from './architecture.ts';
import { FrozenNetwork } from './frozen-network.ts';
import { parameterSpecs } from './parameter-specs.ts';
import type { Parameters } from './parameters.ts';
import { decodeSafetensors, encodeSafetensors, type NamedArray } from './safetensors.ts';
import { tf } from './tensorflow.ts';
import { trainingPass } from './training-pass.ts';
import { fromTorchvision, toTorchvision } from './weights.ts';

// Written by generate-*.py beside them, with PyTorch, torchvision and safetensors' own library.
const fixtures = ['resnet18.safetensors', 'architectures.safetensors'].map((file) =>
  decodeSafetensors(readFileSync(new URL(`../../test/fixtures/${file}`, import.meta.url)), file),
);
const expected: Record<string, NamedArray> = Object.assign({}, ...fixtures.map(({ tensors }) => tensors));

interface Case {
  name?: Architecture['name'];
  kind: 'evaluated' | 'trained';
  stem: Architecture['stem'];
  width: number;
  classes: number;
  images: number;
  imageHeight: number;
  imageWidth: number;
}
const cases = fixtures.flatMap(({ metadata }) =>
  Object.entries(JSON.parse(metadata.cases as string) as Record<string, Case>),
);

/** Of the largest value: sums of up to 4,608 float32 products in another order. */
const TOLERANCE = 1e-4;

/** For gradients through up to 121 normalisations by a small batch, which enlarge roundings. Measured 7e−5 at worst. */
const DEEP_TOLERANCE = 5e-4;

/** The generator's `uniform`, multiples of 2⁻³¹ in [−1, 1), each put through `value`. */
function uniform(stream: number, shape: readonly number[], value: (u: number) => number): NamedArray {
  const { imul } = Math; // a global costs a look-up in Jest's sandbox, 35 million times
  const data = new Float32Array(tf.util.sizeFromShape([...shape]));
  for (let i = 0; i < data.length; i++) {
    let h = imul(stream, 0x9e3779b9) + i;
    h = imul(h ^ (h >>> 16), 0x85ebca6b);
    h = imul(h ^ (h >>> 13), 0xc2b2ae35);
    data[i] = value(((h ^ (h >>> 16)) >>> 0) / 2 ** 31 - 1);
  }
  return { shape, data };
}

/** A network's tensor, in torchvision's shape: the generator's `formula`. */
function formula(name: string, stream: number, shape: readonly number[]): NamedArray {
  if (name.endsWith('running_var')) return uniform(stream, shape, (u) => 1 + 0.5 * u);
  if (name.endsWith('running_mean') || name.endsWith('bias')) return uniform(stream, shape, (u) => 0.2 * u);
  if (shape.length === 1) return uniform(stream, shape, (u) => 1 + 0.3 * u);
  const fanIn = tf.util.sizeFromShape(shape.slice(1));
  const scale = shape.length === 2 ? 1 / Math.sqrt(fanIn) : Math.sqrt(6 / fanIn);
  return uniform(stream, shape, (u) => scale * u);
}

function torchvisionWeights(architecture: Architecture, classes: number): Record<string, NamedArray> {
  return Object.fromEntries(
    parameterSpecs(architecture, classes).map(({ name, shape: s }, i) => {
      const shape = s.length === 4 ? ([s[3], s[2], s[0], s[1]] as number[]) : s; // HWIO → OIHW
      return [name, formula(name, i + 1, shape)];
    }),
  );
}

function networkOf({ name = 'resnet18', stem, width, classes }: Case): {
  architecture: Architecture;
  parameters: Parameters;
} {
  const architecture: Architecture = { name, stem, width };
  const weights = torchvisionWeights(architecture, classes);
  return { architecture, parameters: fromTorchvision(weights, architecture, classes, 'formula') };
}

function imagesOf({ images, imageHeight, imageWidth }: Case): tf.Tensor {
  const { shape, data } = uniform(0, [images, imageHeight, imageWidth, 3], (u) => 2 * u);
  return tf.tensor(data, [...shape]);
}

/** Same shape, and no value further off than the tolerance of the largest, or of `scale` if that is larger. */
function expectClose(name: string, found: NamedArray, scale = 0, tolerance = TOLERANCE): void {
  const { shape, data } = expected[name] as NamedArray;
  expect({ name, shape: found.shape }).toEqual({ name, shape });
  const reach = Math.max(scale, largest({ data }));
  const off = data.reduce((max, value, i) => Math.max(max, Math.abs(value - (found.data[i] as number))), 0);
  expect({ name, isClose: off <= tolerance * reach, off, reach }).toMatchObject({ name, isClose: true });
}

function largest({ data }: Pick<NamedArray, 'data'>): number {
  return data.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
}

/** What the fixture has of a gradient: of a large one every eighth row. */
function thinned({ shape, data }: NamedArray): NamedArray {
  if (data.length <= 2 ** 15) return { shape, data };
  const [rows = 0, ...rest] = shape;
  const size = data.length / rows;
  const kept = data.filter((_, i) => Math.floor(i / size) % 8 === 0);
  return { shape: [Math.ceil(rows / 8), ...rest], data: kept };
}

function arrayOf(tensor: tf.Tensor): NamedArray {
  return { shape: tensor.shape, data: tensor.dataSync() as Float32Array };
}

describe.each(cases.filter(([, { kind }]) => kind === 'evaluated'))('a frozen network, %s', (name, settings) => {
  it('has torchvision’s features and logits on the same weights', () => {
    const { architecture, parameters } = networkOf(settings);
    const network = FrozenNetwork.fold(architecture, parameters);
    const { features, logits } = network.logits(imagesOf(settings));
    expectClose(`${name}/features`, arrayOf(features));
    expectClose(`${name}/logits`, arrayOf(logits));
    network.dispose();
    tf.dispose([parameters, features, logits]);
  });
});

const withImageGradient = cases.filter(([name]) => `${name}/imageGradient` in expected);
it.each(withImageGradient)('%s: the gradient with respect to the images is PyTorch’s', (name, settings) => {
  const { architecture, parameters } = networkOf(settings);
  const network = FrozenNetwork.fold(architecture, parameters);
  const gradient = network.imageGradient(imagesOf(settings), (features) => features.clone()); // of half its squares
  expectClose(`${name}/imageGradient`, arrayOf(gradient));
  network.dispose();
  tf.dispose([parameters, gradient]);
});

describe.each(cases.filter(([, { kind }]) => kind === 'trained'))('a training pass, %s', (name, settings) => {
  const { architecture, parameters } = networkOf(settings);
  const labels = tf.tensor1d(Int32Array.from({ length: settings.images }, (_, i) => i % settings.classes));
  const { loss, logits, gradients, buffers } = trainingPass(architecture, parameters, imagesOf(settings), labels);

  it('has PyTorch’s losses and logits', () => {
    expectClose(`${name}/loss`, arrayOf(loss));
    expectClose(`${name}/logits`, arrayOf(logits));
  });

  it('has PyTorch’s gradient of every parameter', () => {
    const found = Object.entries(toTorchvision(gradients));
    const tolerance = settings.name === undefined ? TOLERANCE : DEEP_TOLERANCE;
    for (const [parameter, gradient] of found) {
      const weight = gradients[parameter.replace('bias', 'weight')];
      // A bias that the normalisation after it takes away again: both gradients are roundings of 0.
      const isTakenAway = settings.name === 'vgg16_bn' && parameter.endsWith('bias') && weight?.rank === 4;
      expectClose(
        `${name}/gradient/${parameter}`,
        thinned(gradient),
        isTakenAway ? largest(arrayOf(weight)) : 0,
        tolerance,
      );
    }
    expect(found).toHaveLength(Object.keys(expected).filter((key) => key.startsWith(`${name}/gradient/`)).length);
  });

  it('leaves PyTorch’s running statistics', () => {
    const found = Object.entries(buffers);
    for (const [buffer, value] of found) expectClose(`${name}/buffer/${buffer}`, arrayOf(value));
    expect(found).toHaveLength(Object.keys(expected).filter((key) => key.startsWith(`${name}/buffer/`)).length);
  });
});

it('reads a state_dict that PyTorch saved, int64 counters and all, to the last bit', () => {
  const architecture: Architecture = { name: 'resnet18', stem: 'imagenet', width: 1 };
  const file = readFileSync(new URL('../../test/fixtures/state-dict.safetensors', import.meta.url));
  expect(file.includes('"bn1.num_batches_tracked":{"dtype":"I64"')).toBe(true);
  const { tensors } = decodeSafetensors(file, 'state-dict.safetensors');
  const parameters = fromTorchvision(tensors, architecture, 3, 'state-dict.safetensors');
  expect(toTorchvision(parameters)).toEqual(torchvisionWeights(architecture, 3));
  tf.dispose(parameters);
});

it('writes weights that Python’s safetensors reads, to the last bit', async () => {
  const weights = torchvisionWeights({ name: 'resnet18', stem: 'small', width: 2 }, 3);
  const python = await pythonVenv(['safetensors==0.6.2']);
  const folder = await mkdtemp(join(tmpdir(), 'radiotracer-nets-'));
  try {
    const file = join(folder, 'weights.safetensors');
    await writeFile(file, encodeSafetensors({ tensors: weights, metadata: { format: 'pt' } }));
    const script = `
import hashlib, json, safetensors, sys
tensors = safetensors.deserialize(open(sys.argv[1], "rb").read())
print(json.dumps({n: [t["dtype"], t["shape"], hashlib.sha256(t["data"]).hexdigest()] for n, t in tensors}))`;
    const { stdout } = await promisify(execFile)(python, ['-c', script, file]);
    const written = Object.entries(weights).map(([name, { shape, data }]) => [name, ['F32', shape, sha256(data)]]);
    expect(JSON.parse(stdout)).toEqual(Object.fromEntries(written));
  } finally {
    await rm(folder, { recursive: true });
  }
});

function sha256(data: Float32Array): string {
  return createHash('sha256').update(data).digest('hex');
}
