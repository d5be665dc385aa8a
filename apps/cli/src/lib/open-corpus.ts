import { basename, dirname } from 'node:path';
import { corpusDigest, findCorpus, inspectCorpus } from '@radiotracer/corpus';
import type { CorpusInput } from '@radiotracer/workflows';
import { InputError } from './errors.ts';

/** A corpus as workflows take it: what it is, and where it lies. */
export interface OpenedCorpus {
  readonly corpus: CorpusInput;
  /** Absolute path. */
  readonly dir: string;
  /** Of the split to mark or train on; height and width in pixels. */
  readonly counts: {
    readonly images: number;
    readonly classes: number;
    readonly height: number;
    readonly width: number;
  };
}

/**
 * The corpus in a folder, after `lookAtCorpus`, and its digest, for which every byte is read.
 *
 * @throws as `lookAtCorpus`
 */
export async function openCorpus(path: string): Promise<OpenedCorpus> {
  const { found, testSplit, counts } = await lookAtCorpus(path);
  const corpus = { digest: await corpusDigest(found), trainSplit: 'train', testSplit };
  return { corpus, dir: found.dir, counts };
}

/**
 * A check of all that can be seen of a corpus before images are decoded, and what was found.
 *
 * @throws CorpusNotFoundError, CorpusError, ImageSizeError; InputError if nothing can be learnt from it
 */
export async function lookAtCorpus(
  path: string,
): Promise<
  Pick<OpenedCorpus, 'counts'> & { readonly found: Awaited<ReturnType<typeof findCorpus>>; readonly testSplit: string }
> {
  const found = await findCorpus(path);
  const { dir, layout, splits, classNames } = found;
  const names = Object.keys(splits);
  const testSplit = ['test', 'validation'].find((name) => names.includes(name));
  const { train } = splits;
  if (!train || testSplit === undefined) {
    const found = names.length === 1 ? `only the split ${names[0]}` : `the splits ${names.join(', ')}`;
    const missing = train ? 'test' : 'train';
    const place = layout === 'parquet' ? `${missing}-00000-of-000NN.parquet` : `${missing}/<class>/`;
    throw new InputError(
      `corpus: ${dir} has ${found}, expected "train", and "test" or "validation"; images of ${missing} lie in ${place}`,
    );
  }
  const empty = names.find((name) => splits[name]?.count === 0);
  if (empty !== undefined) throw new InputError(`corpus: ${dir} has no images in its split ${empty}; expected some`);
  if (classNames.length < 2) {
    const classes = classNames.length === 0 ? 'no classes' : `only the class ${classNames[0]}`;
    throw new InputError(`corpus: ${dir} has ${classes}; expected at least 2, to be told apart`);
  }
  if (layout === 'image-folder') refuseUntaught(found, train, testSplit);
  const sizes = await inspectCorpus(found);
  const [size = { height: Infinity, width: Infinity }, testSize = size] = [sizes['train'], sizes[testSplit]];
  if (size.height !== testSize.height || size.width !== testSize.width) {
    throw new InputError(
      `corpus: ${dir} has images of ${size.height}×${size.width} in train, of ${testSize.height}×${testSize.width} ` +
        `in ${testSplit}; bring them to one size`,
    );
  }
  return { found, testSplit, counts: { images: train.count, classes: classNames.length, ...size } };
}

/**
 * A folder that the training split lacks is a class of its own that nothing can learn: nearly always a name that is
 * spelt in two ways.
 */
function refuseUntaught(
  { dir, splits }: Awaited<ReturnType<typeof findCorpus>>,
  train: { readonly files: readonly string[] },
  testSplit: string,
): void {
  const classOf = (file: string): string => basename(dirname(file));
  const taught = new Set(train.files.map(classOf));
  const folder = splits[testSplit]?.files.map(dirname).find((path) => !taught.has(basename(path)));
  if (folder === undefined) return;
  throw new InputError(
    `corpus: ${dir} has the class ${basename(folder)} in ${folder}/ and not in train, whose classes are ` +
      `${listed([...taught])}; rename or remove the folder, or add the class to train`,
  );
}

/** The first few of many names. */
function listed(names: readonly string[]): string {
  const most = 10;
  return names.length > most ? `${names.slice(0, most).join(', ')} and ${names.length - most} more` : names.join(', ');
}
