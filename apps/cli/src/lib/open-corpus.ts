import { describeCorpus } from '@radiotracer/corpus';
import type { CorpusInput } from '@radiotracer/workflows';
import { InputError } from './errors.ts';

/** A corpus as workflows take it: what it is, and where it lies. */
export interface OpenedCorpus {
  readonly corpus: CorpusInput;
  /** Absolute path. */
  readonly dir: string;
}

/**
 * The corpus in a folder.
 *
 * @throws CorpusNotFoundError, CorpusError; InputError if it has no split to train on, or none to test on
 */
export async function openCorpus(path: string): Promise<OpenedCorpus> {
  const { dir, digest, splits } = await describeCorpus(path);
  const names = Object.keys(splits);
  const testSplit = ['test', 'validation'].find((name) => names.includes(name));
  if (!names.includes('train') || testSplit === undefined) {
    throw new InputError(
      `corpus: ${dir} has the splits ${names.join(', ')}; an experiment needs "train", and "test" or "validation"`,
    );
  }
  return { corpus: { digest, trainSplit: 'train', testSplit }, dir };
}
