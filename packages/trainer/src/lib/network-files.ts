import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import {
  type Architecture,
  decodeSafetensors,
  encodeSafetensors,
  FrozenNetwork,
  fromTorchvision,
  type Parameters,
  tf,
  toTorchvision,
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
  await writeFile(join(folder, 'network.json'), `${JSON.stringify(description, null, 2)}\n`);
  return sha256(weights);
}

/**
 * Opens a trained network for looking. The caller disposes it.
 *
 * @throws WeightsError if the weights do not fit the description
 */
export function openNetwork(folder: string): FrozenNetwork {
  const { architecture, classNames } = JSON.parse(
    readFileSync(join(folder, 'network.json'), 'utf8'),
  ) as NetworkDescription;
  const file = join(folder, 'weights.safetensors');
  const { tensors } = decodeSafetensors(readFileSync(file), file);
  const parameters = fromTorchvision(tensors, architecture, classNames.length, file);
  const network = FrozenNetwork.fold(architecture, parameters);
  tf.dispose(parameters);
  return network;
}
