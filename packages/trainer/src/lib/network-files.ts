import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import {
  type Architecture,
  architectureNames,
  decodeSafetensors,
  encodeSafetensors,
  FrozenNetwork,
  fromTorchvision,
  isArchitecture,
  type Parameters,
  tf,
  toTorchvision,
  WeightsError,
} from '@radiotracer/nets';
import { sha256 } from '@radiotracer/store';

/** `network.json` beside `weights.safetensors`. */
export interface NetworkDescription {
  readonly architecture: Architecture;
  readonly classNames: readonly string[];
}

/** Writes a network as two files that PyTorch users can read. Returns the hex SHA-256 of the weights' file. */
export async function writeNetwork(
  folder: string,
  description: NetworkDescription,
  parameters: Parameters,
): Promise<string> {
  const weights = encodeSafetensors({ tensors: toTorchvision(parameters), metadata: { format: 'pt' } });
  await writeFile(join(folder, 'weights.safetensors'), weights);
  await describeNetwork(folder, description);
  return sha256(weights);
}

/** Writes what belongs beside `weights.safetensors`. */
export async function describeNetwork(folder: string, description: NetworkDescription): Promise<void> {
  await writeFile(join(folder, 'network.json'), `${JSON.stringify(description, null, 2)}\n`);
}

/**
 * Reads what `writeNetwork` wrote, or `importNetwork` copied. The caller disposes the parameters.
 *
 * @throws WeightsError if the description is none, or the weights do not fit it
 */
export function readNetwork(folder: string): NetworkDescription & { readonly parameters: Parameters } {
  const { architecture, classNames } = readDescription(join(folder, 'network.json'));
  const file = join(folder, 'weights.safetensors');
  const { tensors } = decodeSafetensors(readFileSync(file), file);
  return { architecture, classNames, parameters: fromTorchvision(tensors, architecture, classNames.length, file) };
}

/** Opens a trained network for looking, as `readNetwork` reads it. The caller disposes it. */
export function openNetwork(folder: string): FrozenNetwork {
  const { architecture, parameters } = readNetwork(folder);
  const network = FrozenNetwork.fold(architecture, parameters);
  tf.dispose(parameters);
  return network;
}

function readDescription(file: string): NetworkDescription {
  const text = readFileSync(file, 'utf8');
  const description = parsed(text);
  if (isDescription(description)) return description;
  throw new WeightsError(
    file,
    `describes no network: found ${text.slice(0, 100).trim() || 'nothing'}; valid is { "architecture": ` +
      `{ "name": "${architectureNames.join('" or "')}", "stem": "imagenet" or "small", "width": ≥ 1 }, ` +
      '"classNames": [names] }',
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isDescription(value: unknown): value is NetworkDescription {
  const { architecture, classNames } = (value ?? {}) as Partial<NetworkDescription>;
  return isArchitecture(architecture) && Array.isArray(classNames) && classNames.length > 0;
}
