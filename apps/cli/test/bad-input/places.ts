import type { BadInput } from './bad-input.ts';
import { experiment } from './experiment.ts';
import { all, dir, file, mode } from './files.ts';

/** Stores, folders of results, ids and addresses. */
export const places: readonly BadInput[] = [
  {
    title: 'a store that is a file',
    code: 2,
    args: experiment({ store: 'ok.yaml' }),
    says: ['--store: found ok.yaml, expected a folder;', 'ok.yaml is a file'],
  },
  {
    title: 'a store under a file',
    code: 2,
    args: experiment({ store: 'ok.yaml/store' }),
    says: ['--store: found ok.yaml/store, expected a folder'],
  },
  {
    title: 'a store in the corpus',
    code: 2,
    args: experiment({ store: 'corpus/store' }),
    says: ['--store: corpus/store lies in the corpus corpus'],
  },
  {
    title: 'a store that is a folder of something else',
    code: 2,
    given: file('photos/cat.jpg'),
    args: experiment({ store: 'photos' }),
    says: ['--store: found photos, which is no store and holds cat.jpg; expected a store, or a new or empty folder'],
  },
  {
    title: 'a store that may not be written to',
    code: 2,
    given: all(dir('locked'), mode('locked', 0o500)),
    args: experiment({ store: 'locked/store' }),
    says: ['--store: found locked/store, expected a folder to write to', 'EACCES'],
    unprivileged: true,
  },
  {
    title: 'server start: a store that is a file',
    code: 2,
    args: ['server', 'start', '--store', 'ok.yaml'],
    says: ['--store: found ok.yaml, expected a folder'],
  },
  {
    title: 'server run: a folder of something else',
    code: 2,
    args: ['server', 'run', '--store', 'corpus'],
    says: ['--store: found corpus, which is no store and holds test'],
  },
  {
    title: 'server stop: a store that is a file',
    code: 2,
    args: ['server', 'stop', '--store', 'ok.yaml'],
    says: ['--store: found ok.yaml, expected a folder'],
  },
  {
    title: 'status: a store that is a file',
    code: 2,
    args: ['status', 'known', '--store', 'ok.yaml'],
    says: ['--store: found ok.yaml, expected a folder'],
  },
  {
    title: 'pause: a store that is a file',
    code: 2,
    args: ['pause', 'known', '--store', 'ok.yaml'],
    says: ['--store: found ok.yaml, expected a folder'],
  },
  {
    title: 'a store in a bucket, without a server',
    code: 2,
    args: ['mark', '--corpus', 'corpus', '--config', 'ok.yaml', '--store', 's3://bucket/runs'], // nor is a key made
    says: ['--store: s3://bucket/runs needs --address', 'name a Temporal server or a folder'],
  },
  { title: 'a store in no bucket', code: 2, args: experiment({ store: 's3://' }), says: ['s3://', 'bucket'] },
  {
    title: 'server start: a store in a bucket',
    code: 2,
    args: ['server', 'start', '--store', 's3://bucket/runs'],
    says: ['--store: s3://bucket/runs needs --address'],
  },
  {
    title: 'a demo in a file',
    code: 2,
    args: ['demo', '--out', 'ok.yaml'],
    says: ['found ok.yaml', 'expected a folder'],
  },
  {
    title: 'results in a file',
    code: 2,
    args: experiment({ out: 'ok.yaml' }),
    says: ['--out: found ok.yaml, expected a folder;', 'ok.yaml is a file'],
  },
  {
    title: 'results in the corpus',
    code: 2,
    args: experiment({ out: 'corpus/out' }),
    says: ['--out: corpus/out lies in the corpus corpus', 'choose a place outside'],
  },
  {
    title: 'results in a folder that holds something',
    code: 2,
    given: file('full/mine.txt'),
    args: experiment({ out: 'full' }),
    says: ['full is not empty and belongs to another run; choose another folder with --out'],
  },
  {
    title: 'results where nothing may be written',
    code: 2,
    given: all(dir('locked'), mode('locked', 0o500)),
    args: experiment({ out: 'locked' }),
    says: ['--out: found locked, expected a folder to write to', 'EACCES'],
    unprivileged: true,
  },

  ...['../known', 'a/b', '..', '-x', 'ä', 'a b', 'x'.repeat(300)].map((id): BadInput => ({
    title: `the id ${id.slice(0, 9)} for a new run`,
    code: 2,
    args: experiment({ id }),
    says: [`--id: found "${id}", expected up to 200 letters, digits`],
  })),
  {
    title: 'an id that is unknown',
    code: 2,
    args: ['status', 'nobody', '--store', 'store'],
    says: ['no run "nobody" in the store', 'it knows known'],
  },
  {
    title: 'resume: an id that is unknown',
    code: 2,
    args: ['resume', 'nobody', '--store', 'store'],
    says: ['no run "nobody" in the store', 'it knows known'],
  },
  {
    title: 'an id in a store that is missing',
    code: 2,
    args: ['report', 'nobody', '--store', 'none'],
    says: ['no run "nobody" in the store', 'name another with --store'],
  },
  ...['../known', '..', 'a/b', 'x'.repeat(300)].map((id): BadInput => ({
    title: `the id ${id.slice(0, 9)} of a run`,
    code: 2,
    args: ['cancel', id, '--store', 'store'],
    says: [`'${id}' is invalid for argument 'id'. Expected up to 200 letters, digits`],
  })),
  {
    title: 'the report of a run that has none',
    code: 2,
    args: ['report', 'known', '--store', 'store'],
    says: ['known is a mark, which has no report; its results are in /nowhere'],
  },

  ...[
    'localhost',
    'localhost:',
    ':7233',
    'localhost:0',
    'localhost:65536',
    'localhost:http',
    'http://localhost:7233',
    'a b:7233',
  ].map((address): BadInput => ({
    title: `the address ${address}`,
    code: 2,
    args: experiment({ address }),
    says: [`'--address <host:port>' argument '${address}' is invalid. Expected <host>:<port>, such as 127.0.0.1:7233`],
  })),
  {
    title: 'an address of the environment',
    code: 2,
    env: { TEMPORAL_ADDRESS: 'localhost' },
    args: experiment(),
    says: ["'localhost' from env 'TEMPORAL_ADDRESS' is invalid. Expected <host>:<port>"],
  },
  {
    title: 'an empty address of the environment',
    code: 2,
    env: { TEMPORAL_ADDRESS: '' },
    args: experiment(),
    says: ["'--address <host:port>' is empty in the environment variable TEMPORAL_ADDRESS"],
  },
  {
    title: 'an address where nobody is',
    code: 5,
    args: experiment({ address: '127.0.0.1:1' }),
    says: ['no Temporal server answers at 127.0.0.1:1 (ECONNREFUSED); give <host>:<port> of one'],
  },
  {
    title: 'status: an address where nobody is',
    code: 5,
    args: ['status', 'known', '--store', 'store', '--address', '127.0.0.1:1'],
    says: ['no Temporal server answers at 127.0.0.1:1 (ECONNREFUSED)'],
  },
  {
    title: 'worker: an address where nobody is',
    code: 5,
    args: ['worker', '--address', '127.0.0.1:1'],
    says: ['no Temporal server answers at 127.0.0.1:1 (ECONNREFUSED)'],
  },
  {
    title: 'an address of a name that nobody has',
    code: 5,
    args: experiment({ address: 'nowhere.invalid:7233' }),
    says: ['no Temporal server answers at nowhere.invalid:7233 (', 'give <host>:<port> of one'],
  },
  {
    title: 'a run without a server',
    code: 5,
    args: ['pause', 'known', '--store', 'store'],
    says: ['no Temporal server runs for', 'start it with "radiotracer server start'],
  },
];
