import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import type { BadInput } from './bad-input.ts';
import { experiment } from './experiment.ts';
import {
  all,
  cifar,
  cifarRecord,
  changed,
  cutTo,
  dir,
  file,
  gone,
  jpegBomb,
  link,
  mode,
  parquet,
  parquetCorpus,
  png,
  pngBomb,
} from './files.ts';

const train = 'data/train-00000-of-00001.parquet';
const pipe = (name: string) => (folder: string) => Promise.resolve(execFileSync('mkfifo', [join(folder, name)]));
const moved = (from: string, to: string) => (folder: string) =>
  Promise.resolve(execFileSync('mv', [join(folder, from), join(folder, to)]));

type Row = readonly [title: string, given: BadInput['given'], ...says: string[]];

/** In `data/`. */
const parquetFiles: readonly Row[] = [
  [
    'an empty file',
    all(parquetCorpus({}), file(train)),
    'train-00000-of-00001.parquet: has 0 bytes, too few for Parquet: it is cut off or damaged',
  ],
  [
    'cut off',
    all(parquetCorpus({}), cutTo(train, 300)),
    'train-00000-of-00001.parquet: cannot be read as Parquet (parquet file invalid (footer != PAR1))',
  ],
  [
    'text',
    all(parquetCorpus({}), file(train, 'no parquet at all')),
    'train-00000-of-00001.parquet: cannot be read as Parquet',
  ],
  [
    'a footer longer than the file',
    all(parquetCorpus({}), file(train, 'PAR1....\xff\xff\xff\x0fPAR1')),
    'cannot be read as Parquet',
  ],
  [
    'damaged pages',
    all(
      parquetCorpus({ classNames: null }),
      changed(train, (text) => text.slice(0, 4) + '\xff'.repeat(60) + text.slice(64)),
    ),
    'row group 0: cannot be read',
    'the file is damaged',
  ],
  [
    'no column of images',
    all(
      parquetCorpus({}),
      changed(train, (text) => text.replaceAll('image', 'photo')),
    ),
    'has the columns photo: struct<bytes, path>, label: INT64; needs image: struct<bytes: binary, path: string>',
  ],
  [
    'no column of labels',
    all(
      parquetCorpus({}),
      changed(train, (text) => text.replaceAll('label', 'class')),
    ),
    'has the columns image: struct<bytes, path>, class: INT64; needs',
    'label: int64',
  ],
  [
    'a label too large',
    parquetCorpus({ labels: [0n, 1n, 2n] }),
    'train-00000-of-00001.parquet, row group 0, row 2 of the split: the label is 2; labels are 0 to 1',
  ],
  ['a negative label', parquetCorpus({ labels: [0n, -1n] }), 'row 1 of the split: the label is -1; labels are 0 to 1'],
  ['a null label', parquetCorpus({ labels: [0n, null] }), 'row 1 of the split: the label is null; labels are 0 to 1'],
  [
    'a null label, without class names',
    parquetCorpus({ labels: [0n, null, 1n], classNames: null }),
    'row 1 of the split: the label is null',
  ],
  [
    'a number for a class',
    parquetCorpus({ labels: [0n, 2n ** 62n], classNames: null }),
    'row group 0: a label is 4611686018427387904; labels are class numbers from 0, below 100000',
  ],
  [
    'one class',
    parquetCorpus({ labels: [0n, 0n], classNames: ['cat'] }),
    'data has only the class cat; expected at least 2',
  ],
  [
    'a null image',
    parquetCorpus({ images: [null, png(), png(), png()] }),
    'row 0 of the split: the image is null; image.bytes must hold a PNG or JPEG file',
  ],
  [
    'a path out of the folder for an image',
    parquetCorpus({ images: [null, null], labels: [0n, 1n], path: '../corpus/train/cat/0.png' }),
    'row 0 of the split: the image is null; image.bytes must hold',
  ],
  [
    'an image of zero bytes',
    parquetCorpus({ images: [new Uint8Array(), png()], labels: [0n, 1n] }),
    'row 0 of the split: an image must be a whole PNG or JPEG file; its 0 bytes start with nothing',
  ],
  [
    'text for an image',
    parquetCorpus({ images: [Buffer.from('no image'), png()], labels: [0n, 1n] }),
    'row 0 of the split: an image must be a whole PNG or JPEG file; its 8 bytes start with 6e6f2069',
  ],
  [
    'a decompression bomb',
    parquetCorpus({ images: [pngBomb(), png()], labels: [0n, 1n] }),
    'row 0 of the split: the image claims to be 60000×60000, 3,600,000,000 pixels; valid are 1 to 50,000,000',
  ],
  ['no rows', parquetCorpus({ labels: [] }), 'data has no images in its split train; expected some'],
  [
    'no training split',
    parquet('data/test-00000-of-00001.parquet'),
    'data has only the split test, expected "train", and "test" or "validation"; images of train lie in train-00000-of',
  ],
  [
    'no test split',
    parquet(train),
    'data has only the split train, expected "train", and "test" or "validation"; images of test lie in test-00000-of',
  ],
  [
    'a file that misses',
    all(parquetCorpus({}), parquet('data/train-00001-of-00003.parquet')),
    'train-00001-of-00003.parquet: comes where train-00001-of-00001.parquet is due',
  ],
  [
    'files that name other classes',
    all(parquetCorpus({}), parquet('data/test-00000-of-00001.parquet', { classNames: ['ant', 'bee'] })),
    'class names that differ',
  ],
  [
    'splits of two sizes',
    all(parquetCorpus({}), parquet('data/test-00000-of-00001.parquet', { images: [png(9)], labels: [0n] })),
    'has images of 8×8 in train, of 9×9 in test; bring them to one size',
  ],
];

/** In `data/`. */
const cifarFiles: readonly Row[] = [
  [
    'cut off',
    all(cifar(), cutTo('data/data_batch_2.bin', 3000)),
    'data_batch_2.bin: has 3000 bytes, no multiple of 3073: it is cut off',
  ],
  [
    'a file that misses',
    all(cifar(), gone('data/data_batch_5.bin')),
    'data_batch_5.bin: is missing beside data_batch_1.bin',
  ],
  ['no names', all(cifar(), gone('data/batches.meta.txt')), 'batches.meta.txt: is missing beside data_batch_1.bin'],
  ['an empty list of names', cifar(0, '\n\n'), 'data has no classes; expected at least 2'],
  [
    'a label without a name',
    all(cifar(), file('data/data_batch_3.bin', cifarRecord(7))),
    'data_batch_3.bin, row 2 of the split: the label is 7; labels are 0 to 1',
  ],
];

/** In `corpus/`, of the world. */
const folders: readonly Row[] = [
  [
    'one class',
    all(gone('corpus/train/dog'), gone('corpus/test/dog')),
    'has only the class cat; expected at least 2, to be told apart',
  ],
  [
    'an image of zero bytes',
    file('corpus/train/cat/1.png'),
    'train/cat/1.png, row 1 of the split: an image must be a whole PNG or JPEG file; its 0 bytes start with nothing',
  ],
  [
    'text for an image',
    file('corpus/train/dog/2.png', 'no image'),
    'train/dog/2.png, row 6 of the split: an image must be a whole PNG or JPEG file; its 8 bytes start with 6e6f2069',
  ],
  [
    'a PNG cut off in its header',
    file('corpus/train/dog/2.png', png().subarray(0, 20)),
    'its 20 bytes end in their header',
  ],
  [
    'a PNG bomb',
    file('corpus/train/cat/3.png', pngBomb()),
    'train/cat/3.png, row 3 of the split: the image claims to be 60000×60000, 3,600,000,000 pixels; valid are 1 to 50,000,000',
  ],
  [
    'a JPEG bomb',
    file('corpus/train/cat/3.jpg', jpegBomb()),
    'train/cat/3.jpg, row 3 of the split: the image claims to be 60000×60000',
  ],
  [
    'images of several sizes',
    file('corpus/train/dog/0.png', png(9, 8)),
    'row 4 (train/dog/0.png) is 9×8, all before it are 8×8; bring the images to one size',
  ],
  [
    'an image in no class',
    file('corpus/train/stray.png', png()),
    'train/stray.png: would be left out; images are *.png, *.jpg or *.jpeg',
  ],
  ['an image too deep', file('corpus/train/cat/more/1.png', png()), 'train/cat/more/1.png: would be left out'],
  [
    'an image of another format',
    file('corpus/train/cat/1.webp', 'RIFF'),
    'train/cat/1.webp: would be left out; images are *.png, *.jpg or *.jpeg',
  ],
  [
    'a link out of the folder',
    link('corpus/train/cat/9.png', '../../../my.key'),
    'has a link train/cat/9.png to',
    'links may lead only to files inside the folder',
  ],
  [
    'a link to a folder outside',
    link('corpus/train/bird', '/etc'),
    'has a link train/bird to /etc; links may lead only',
  ],
  ['a link to nothing', link('corpus/train/cat/9.png', 'nowhere.png'), 'has a link train/cat/9.png to nothing'],
  ['a pipe', pipe('corpus/train/cat/9.png'), 'has train/cat/9.png, which is neither a file nor a folder; remove it'],
  [
    'a class that training lacks',
    moved('corpus/test/cat', 'corpus/test/Cat'),
    'has the class Cat in test/Cat/ and not in train, whose classes are cat, dog; rename or remove the folder',
  ],
  [
    'no training split',
    gone('corpus/train'),
    'has only the split test, expected "train"',
    'images of train lie in train/<class>/',
  ],
  [
    'no test split',
    gone('corpus/test'),
    'has only the split train, expected "train", and "test" or "validation"; images of test lie in test/<class>/',
  ],
  [
    'a split that has another name',
    moved('corpus/test', 'corpus/testing'),
    'has only the split train, expected "train", and "test" or "validation"; images of test lie in test/<class>/',
  ],
];

const inData = (title: string, given: BadInput['given'], says: readonly string[]): BadInput => ({
  title,
  code: 3,
  ...(given && { given }),
  args: experiment({ corpus: 'data' }),
  says: ['corpus: ', ...says],
});

/** Corpora. */
export const corpora: readonly BadInput[] = [
  ...parquetFiles.map(([title, given, ...says]) => inData(`Parquet: ${title}`, given, says)),
  ...cifarFiles.map(([title, given, ...says]) => inData(`CIFAR: ${title}`, given, says)),
  ...folders.map(([title, given, ...says]) => ({
    ...inData(`class folders: ${title}`, given, says),
    args: experiment(),
  })),
  inData('a corpus that is missing', undefined, ['data does not exist; name a folder that holds a corpus']),
  inData('a corpus that is a file', file('data'), ['data is a file, not a folder']),
  inData('a corpus that is empty', dir('data'), [
    'data holds no corpus (0 files); valid are Parquet files',
    'CIFAR',
    'images <class>/',
  ]),
  inData('a corpus that holds text alone', file('data/notes.txt', 'hello'), [
    'data holds no corpus (1 files); valid are',
  ]),
  inData('a corpus that is a link to itself', link('data', 'data'), ['data is a link that leads to itself']),
  {
    ...inData('a corpus that may not be read', mode('corpus', 0), ['may not be read by this user']),
    args: experiment(),
    unprivileged: true,
  },
  {
    ...inData('a file of the corpus that may not be read', mode('corpus/train/cat/0.png', 0), [
      'train/cat/0.png',
      'may not be read by this user',
    ]),
    args: experiment(),
    unprivileged: true,
  },
  {
    ...inData('mark: a corpus that is missing', undefined, ['data does not exist']),
    args: ['mark', '--corpus', 'data', '--key', 'my.key'],
  },
  {
    ...inData('train: a corpus that is missing', undefined, ['data does not exist']),
    args: ['train', '--corpus', 'data'],
  },
];
