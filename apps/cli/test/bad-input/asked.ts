import type { BadInput } from './bad-input.ts';
import { file, gone } from './files.ts';
import { artifactFolder } from './world.ts';

const detect = (...suspect: string[]): string[] => {
  return ['detect', '--publication', 'marked', ...suspect, '--key', 'my.key', '--store', 'store'];
};
const queries = (out: string, key = 'my.key'): string[] => {
  return ['queries', '--publication', 'marked', '--key', key, '--store', 'store', '--out', out];
};

/** Suspects that are asked. */
export const asked: readonly BadInput[] = [
  {
    title: 'answers: no such file',
    code: 3,
    args: detect('--answers', 'nowhere.csv'),
    says: ['--answers: nowhere.csv cannot be read (ENOENT); name a CSV, JSON Lines or Parquet file'],
  },
  {
    title: 'endpoint: a file without url',
    code: 3,
    given: file('endpoint.json', '{"protocol": "kserve"}'),
    args: detect('--endpoint', 'endpoint.json'),
    says: ['endpoint endpoint.json: url: '],
  },
  {
    title: 'endpoint: a password in the url',
    code: 3,
    given: file('endpoint.json', '{"protocol": "kserve", "url": "https://me:s3cret@models.example"}'),
    args: detect('--endpoint', 'endpoint.json'),
    says: ['endpoint endpoint.json: url: holds a name or password', 'expected them in "headers"'],
  },
  {
    title: 'queries: another key',
    code: 3,
    args: queries('out', 'other.key'),
    says: ['the commitment', 'is not to key'],
  },
  {
    title: 'queries: no versions in the store',
    code: 3,
    given: async (folder) => gone(await artifactFolder(folder, 'marked/result.json', 'versions'))(folder),
    args: queries('out'),
    says: ['there is no artefact in', 'markImages'],
  },
  {
    title: 'queries: a folder that holds something',
    code: 2,
    args: queries('corpus'),
    says: ['corpus is not empty and belongs to another run; choose another folder with --out'],
  },
];
