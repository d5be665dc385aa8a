import type { BadInput } from './bad-input.ts';

const finished = 'name the folder that a finished run left';
const detect = ['detect', '--suspect', 'suspect', '--key', 'my.key', '--store', 'store', '--publication'];

/** Folders that are not what a run left. */
export const folders: readonly BadInput[] = [
  {
    title: 'a publication: missing',
    code: 3,
    args: [...detect, 'nowhere'],
    says: [`nowhere does not exist; ${finished}`],
  },
  {
    title: 'a publication: the folder to release',
    code: 3,
    args: [...detect, 'marked/published'],
    says: [`marked/published is not what a run left: it holds no result.json; ${finished}, such as /`, '/marked\n'],
  },
  {
    title: 'commit: a folder of something else',
    code: 3,
    args: ['commit', 'corpus', '--key', 'my.key'],
    says: [`corpus is not what a run left: it holds no result.json; ${finished}\n`],
  },
  {
    title: 'verify: missing',
    code: 3,
    args: ['verify', 'nowhere', '--key', 'my.key'],
    says: ['nowhere does not exist; name the folder that mark left, or a bundle of evidence'],
  },
  {
    title: 'verify: a folder of something else',
    code: 3,
    args: ['verify', 'corpus', '--key', 'my.key'],
    says: [`corpus is not what a run left: it holds no result.json; ${finished}\n`],
  },
];
