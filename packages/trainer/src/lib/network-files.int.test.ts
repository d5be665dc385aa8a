import { mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { type Architecture, decodeSafetensors, encodeSafetensors, initialParameters, tf } from '@radiotracer/nets';

import { openNetwork, writeNetwork } from './network-files.ts';

const architecture: Architecture = { name: 'resnet18', stem: 'small', width: 4 };
const classNames = ['cat', 'dog'];

let folder: string;
let weights: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'network-'));
  weights = join(folder, 'weights.safetensors');
  const parameters = initialParameters(architecture, classNames.length, 1);
  await writeNetwork(folder, { architecture, classNames }, parameters);
  tf.dispose(parameters);
});
afterEach(() => rm(folder, { recursive: true }));

test('a network is opened as it was written', () => {
  openNetwork(folder).dispose();
});

test.each([
  ['', 'describes no network: found nothing; valid is { "architecture": { "name": "resnet18"'],
  ['{ "architecture": {', 'describes no network: found { "architecture": {; valid is'],
  ['null', 'describes no network: found null'],
  [
    JSON.stringify({ architecture: { ...architecture, name: 'vgg' }, classNames }),
    'describes no network: found {"arch',
  ],
  [JSON.stringify({ architecture: { ...architecture, width: 0 }, classNames }), 'describes no network'],
  [JSON.stringify({ architecture, classNames: [] }), 'describes no network'],
  [JSON.stringify({ architecture }), 'describes no network'],
])('the description %j is refused', async (text, problem) => {
  await writeFile(join(folder, 'network.json'), text);
  expect(() => openNetwork(folder)).toThrow(
    expect.objectContaining({ name: 'WeightsError', retryable: false, message: expect.stringContaining(problem) }),
  );
});

test('weights that do not fit are refused: cut off, of other shapes, or with tensors that miss', async () => {
  const { tensors, metadata } = decodeSafetensors(await readFile(weights), weights);
  const { 'fc.bias': bias, ...others } = tensors;
  const refused = async (bytes: Uint8Array, problem: string): Promise<void> => {
    await writeFile(weights, bytes);
    expect(() => openNetwork(folder)).toThrow(`nets: ${weights}: ${problem}`);
  };
  await refused(encodeSafetensors({ tensors: others, metadata }), 'tensor fc.bias is missing');
  const wide = { shape: [3], data: new Float32Array(3) };
  await refused(
    encodeSafetensors({ tensors: { ...others, 'fc.bias': wide }, metadata }),
    'tensor fc.bias has shape [3], [2] was',
  );
  const more = { ...tensors, 'fc2.bias': bias as typeof wide };
  await refused(
    encodeSafetensors({ tensors: more, metadata }),
    'tensor fc2.bias is not part of resnet18 with the small stem',
  );
  await truncate(weights, 1000);
  expect(() => openNetwork(folder)).toThrow(`nets: ${weights}: not a safetensors file, or cut off: its header says`);
});
