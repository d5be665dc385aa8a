import { existsSync } from 'node:fs';
import { rename } from 'node:fs/promises';

import { decodeSafetensors, encodeSafetensors, type NamedArray, type Parameters, tf } from '@radiotracer/nets';
import { readSealed, writeSealed } from '@radiotracer/store';

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
  /** Of the file of events that tell of these steps; what comes after is of later ones. */
  readonly eventBytes?: number;
}

export interface Checkpoint {
  readonly parameters: Parameters;
  readonly velocities: Parameters;
  readonly position: Position;
}

/** Where the checkpoint before the last one is kept. */
const previous = (path: string): string => `${path}.previous`;

/**
 * Writes a checkpoint; the last one is kept beside it, for the case that this one is damaged later. Filters stay HWIO:
 * it is our own.
 */
export async function saveCheckpoint(path: string, { parameters, velocities, position }: Checkpoint): Promise<void> {
  const tensors = { ...prefixed('parameter/', parameters), ...prefixed('velocity/', velocities) };
  const metadata = { position: JSON.stringify(position) };
  if (existsSync(path)) await rename(path, previous(path));
  await writeSealed(path, encodeSafetensors({ tensors, metadata }));
}

/**
 * The newest checkpoint at `path` that is as it was written, or undefined where there is none: training then starts
 * anew, and comes to the same bits. The caller owns its tensors.
 */
export async function loadCheckpoint(path: string): Promise<Checkpoint | undefined> {
  const bytes = (await readSealed(path)) ?? (await readSealed(previous(path)));
  if (bytes === undefined) return undefined;
  const { tensors, metadata } = decodeSafetensors(bytes, path);
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
