import { existsSync, readFileSync } from 'node:fs';

import {
  decodeSafetensors,
  encodeSafetensors,
  type NamedArray,
  type Parameters,
  tf,
  WeightsError,
} from '@radiotracer/nets';
import { sha256, writeFileAtomic } from '@radiotracer/store';

import type { EpochLog } from './epoch-log.ts';

/** Where training stands: all that a resumed run needs to end with the same bits as one that never stopped. */
export interface Position {
  /** Steps done. */
  readonly step: number;
  /** Finished epochs. */
  readonly log: readonly EpochLog[];
  /** Sums over the running epoch. */
  readonly lossSum: number;
  readonly correct: number;
}

export interface Checkpoint {
  readonly parameters: Parameters;
  readonly velocities: Parameters;
  readonly position: Position;
}

/** Writes a checkpoint aside and renames it, so that a crash leaves the last one. Filters stay HWIO: it is our own. */
export async function saveCheckpoint(path: string, { parameters, velocities, position }: Checkpoint): Promise<void> {
  const tensors = { ...prefixed('parameter/', parameters), ...prefixed('velocity/', velocities) };
  const metadata = { position: JSON.stringify(position) };
  const checksum = sha256(encodeSafetensors({ tensors, metadata }));
  await writeFileAtomic(path, encodeSafetensors({ tensors, metadata: { ...metadata, sha256: checksum } }));
}

/**
 * The checkpoint at `path`, or undefined where there is none. The caller owns its tensors.
 *
 * @throws WeightsError if a bit of it is not as it was written
 */
export function loadCheckpoint(path: string): Checkpoint | undefined {
  if (!existsSync(path)) return undefined;
  const { tensors, metadata: written } = decodeSafetensors(readFileSync(path), path);
  const { sha256: checksum, ...metadata } = written;
  if (checksum !== sha256(encodeSafetensors({ tensors, metadata }))) {
    throw new WeightsError(path, 'damaged: its SHA-256 is not the one it was written with; remove it to start anew');
  }
  const part = (prefix: string) =>
    Object.fromEntries(
      Object.entries(tensors)
        .filter(([name]) => name.startsWith(prefix))
        .map(([name, { data, shape }]) => [name.slice(prefix.length), tf.tensor(data, [...shape])]),
    );
  return {
    parameters: part('parameter/'),
    velocities: part('velocity/'),
    position: JSON.parse(metadata.position as string) as Position,
  };
}

function prefixed(prefix: string, tensors: Parameters): Record<string, NamedArray> {
  return Object.fromEntries(
    Object.entries(tensors).map(([name, tensor]) => [
      prefix + name,
      { shape: tensor.shape, data: tensor.dataSync() as Float32Array },
    ]),
  );
}
