import { describeCorpus } from '@radiotracer/corpus';
import type { CorpusInput } from '@radiotracer/workflows';
import { InputError } from './errors.ts';

/** A corpus as workflows take it: what it is, and where it lies. */
export interface OpenedCorpus {
  readonly corpus: CorpusInput;
  /** Absolute path. */
  readonly dir: string;
  /** Of the split to mark or train on. */
  readonly counts: { readonly images: number; readonly classes: number };
}

/**
 * The corpus in a folder.
 *
 * @throws CorpusNotFoundError, CorpusError; InputError if it has no split to train on, or none to test on
 */
export async function openCorpus(path: string): Promise<OpenedCorpus> {
  const { dir, digest, splits, classNames } = await describeCorpus(path);
  const names = Object.keys(splits);
  const testSplit = ['test', 'validation'].find((name) => names.includes(name));
  const trainSplit = splits['train'];
  if (!trainSplit || testSplit === undefined) {
    throw new InputError(
      `corpus: ${dir} has the splits ${names.join(', ')}; an experiment needs "train", and "test" or "validation"`,
    );
  }
  const counts = { images: trainSplit.count, classes: classNames.length };
  return { corpus: { digest, trainSplit: 'train', testSplit }, dir, counts };
}
