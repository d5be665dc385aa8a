import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import type { BadInput } from './bad-input.ts';
import { experiment } from './experiment.ts';
import { changed, cutTo, dir, file, longer, mode } from './files.ts';

type Row = readonly [title: string, given: BadInput['given'], ...says: string[]];
const format = 'is not a key file of version 1';

const damaged: readonly Row[] = [
  ['empty', cutTo('my.key', 0), `${format}: it has 0 bytes, valid are 156`, 'restore it from a backup'],
  ['cut off', cutTo('my.key', 100), `${format}: it has 100 bytes, valid are 156`],
  ['longer', longer('my.key', 'more'), `${format}: it has more than 156 bytes`],
  [
    'another header',
    changed('my.key', (text) => text.replace('-v1', '-v2')),
    `${format}: it has 156 bytes, valid are 156 that start with "radiotracer-key-v1"`,
  ],
  ['not hex', changed('my.key', (text) => text.replace(/^key ../m, 'key zz')), format],
  ['binary', changed('my.key', () => '\0'.repeat(156)), format],
  [
    'another key than its id',
    changed('my.key', (text) => text.replace(/^key .*$/m, `key ${'0'.repeat(64)}`)),
    'is damaged: its key does not have the id it names',
  ],
  ['readable by others', mode('my.key', 0o644), 'is open to others than its owner (mode 0644); run: chmod 600'],
];

/** Keys. */
export const keys: readonly BadInput[] = [
  ...damaged.map(([title, given, ...says]): BadInput => ({
    title: `a key: ${title}`,
    code: 3,
    ...(given && { given }),
    args: experiment(),
    says: ['carriers: ', 'my.key', ...says],
  })),
  {
    title: 'a key: missing, where it is named',
    code: 3,
    args: experiment({ key: 'none.key' }),
    says: ['there is no key none.key; make it with "radiotracer keygen none.key"'],
  },
  {
    title: 'a key: a folder',
    code: 3,
    given: dir('none.key'),
    args: experiment({ key: 'none.key' }),
    says: ['none.key is not a file'],
  },
  {
    title: 'a key: a pipe',
    code: 3,
    given: (folder) => execFileSync('mkfifo', ['-m', '600', join(folder, 'none.key')]),
    args: experiment({ key: 'none.key' }),
    says: ['none.key is not a file; give the path of a key'],
  },
  {
    title: 'a key: under a file',
    code: 3,
    args: ['verify', 'marked', '--key', 'ok.yaml/my.key'],
    says: ['ok.yaml/my.key does not exist'],
  },
  {
    title: 'a key: missing, where there is no other',
    code: 3,
    args: ['verify', 'marked'],
    says: ['radiotracer.key does not exist; give the path of the key'],
  },
  {
    title: 'a key in the corpus',
    code: 2,
    args: experiment({ key: 'corpus/my.key' }),
    says: ['--key: corpus/my.key lies in the corpus corpus', 'choose a place outside'],
  },
  {
    title: 'a key that another may not read',
    code: 3,
    given: mode('my.key', 0),
    args: experiment(),
    says: ['my.key may not be read by this user'],
    unprivileged: true,
  },
  {
    title: 'keygen: a file is there',
    code: 3,
    args: ['keygen', 'my.key'],
    says: ['my.key exists, and a key is never overwritten', 'Choose another path'],
  },
  {
    title: 'keygen: a folder is there',
    code: 3,
    args: ['keygen', 'corpus'],
    says: ['corpus is a folder; name a file in it that does not exist yet'],
  },
  {
    title: 'keygen: the name of a folder',
    code: 3,
    args: ['keygen', 'keys/'],
    says: ['keys/ names a folder; name a file in it that does not exist yet'],
  },
  {
    title: 'keygen: under a file',
    code: 3,
    args: ['keygen', 'ok.yaml/new.key'],
    says: ['ok.yaml/new.key cannot be written'],
  },
  {
    title: 'keygen: where nothing may be written',
    code: 3,
    given: mode('corpus', 0o500),
    args: ['keygen', 'corpus/new.key'],
    says: ['new.key cannot be written (EACCES); choose a folder'],
    unprivileged: true,
  },
  {
    title: 'keygen: a name too long',
    code: 3,
    args: ['keygen', 'k'.repeat(300)],
    says: ['cannot be written (ENAMETOOLONG)'],
  },
  {
    title: 'an empty key file',
    code: 3,
    given: file('none.key'),
    args: ['verify', 'marked', '--key', 'none.key'],
    says: ['none.key is open to others than its owner'],
  },
];
