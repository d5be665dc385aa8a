import { readFile } from 'node:fs/promises';
import { decodeShapes, recognise, refusePickle } from '@radiotracer/nets/architectures';
import { sha256 } from '@radiotracer/store';
import { InputError } from './errors.ts';

/** A network that was trained elsewhere, as far as its file tells. */
export interface ForeignNetwork {
  readonly weightsSha256: string;
  /** What was recognised, and what was assumed, for people. */
  readonly note: string;
}

/**
 * Recognises the network in a safetensors file.
 *
 * @param classNames - of the corpus, which the network's classes are taken to be
 * @throws WeightsError if it is a pickle, no safetensors file, or holds no network that is known; InputError if its
 *   classes are not as many as the corpus'
 */
export async function foreignNetwork(file: string, classNames: readonly string[]): Promise<ForeignNetwork> {
  const bytes = await readFile(file);
  refusePickle(file, bytes);
  const { architecture, classes } = recognise(decodeShapes(bytes, file), file);
  const { name, stem, width } = architecture;
  if (classes !== classNames.length) {
    throw new InputError(
      `--suspect ${file} is a ${name} of ${classes} classes, the publication has ${classNames.length}; ` +
        'expected the same, in the same order',
    );
  }
  const note =
    `${file}: ${name}, ${stem} stem, width ${width}; its ${classes} classes are taken to be the corpus' own, ` +
    `in their order (${classNames.slice(0, 3).join(', ')}${classes > 3 ? ', …' : ''})`;
  return { weightsSha256: sha256(bytes), note };
}
