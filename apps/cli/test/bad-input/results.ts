import { generateKeyPairSync } from 'node:crypto';
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { commitmentText, makeCommitment } from '@radiotracer/evidence';
import type { BadInput } from './bad-input.ts';
import { changed, changedJson, cutTo, file, gone, png } from './files.ts';
import { artifactFolder } from './world.ts';

type Step = (folder: string) => Promise<unknown>;
type Row = readonly [title: string, given: Step, ...says: string[]];

const detect = (flags: Readonly<Record<string, string>> = {}): string[] => {
  const inOrder = { publication: 'marked', suspect: 'suspect', key: 'my.key', store: 'store', out: 'out' };
  return ['detect', ...Object.entries({ ...inOrder, ...flags }).flatMap(([name, value]) => [`--${name}`, value])];
};
const verify = ['verify', 'marked', '--key', 'my.key'];

/** A step in the folder of an artefact that a result names. */
const inArtifact = (result: string, field: string, step: (name: string) => Step, name: string): Step => {
  return async (folder) => step(join(await artifactFolder(folder, result, field), name))(folder);
};
const inSuspect = (step: (name: string) => Step, name = 'weights.safetensors'): Step =>
  inArtifact('suspect/result.json', 'network', step, name);
const inPublication = (step: (name: string) => Step, name: string): Step =>
  inArtifact('marked/result.json', 'publication', step, name);

/** Networks, of a suspect that `train` left. */
const networks: readonly Row[] = [
  [
    'no result',
    gone('suspect/result.json'),
    'suspect is not what a run left: it holds no result.json; name the folder that a finished run left',
  ],
  [
    'no artefact in the store',
    inSuspect(gone, ''),
    'there is no artefact in',
    'trainNetwork',
    'run its stage first, or open the store that holds it',
  ],
  ['a damaged list of files', inSuspect((name) => file(name, '{'), 'manifest.json'), 'manifest.json in', 'has SHA-256'],
  [
    'another list of files',
    inSuspect((name) => changedJson(name, (made) => ({ ...made, version: 9 })), 'manifest.json'),
    'manifest.json in',
    'has SHA-256',
  ],
  [
    'a result of another command',
    changedJson('suspect/result.json', ({ network }) => ({ publication: network })),
    'suspect/result.json is of another command: it has no network',
  ],
  [
    'a reference out of the store',
    changedJson('suspect/result.json', ({ network }) => ({
      network: { ...(network as object), key: '../../../../etc' },
    })),
    'suspect/result.json: network.key: ',
    'network must name an artefact',
  ],
  [
    'a reference that is text',
    changedJson('suspect/result.json', () => ({ network: 'mine' })),
    'suspect/result.json: network: ',
    'network must name an artefact by stage, key, sha256 and facts',
  ],
  [
    'a result that is a list',
    changedJson('suspect/result.json', () => []),
    'suspect/result.json is of another command: it has no network',
  ],
  ['a result cut off', cutTo('suspect/result.json', 20), 'suspect/result.json cannot be read (it is no JSON)'],
  [
    'other classes than the corpus',
    changedJson('suspect/result.json', ({ network }) => ({
      network: { ...(network as object), facts: { classNames: ['ant'] } },
    })),
    'has the classes ant, the publication cat, dog',
  ],
];

/** Publications, that `mark` left. */
const publications: readonly Row[] = [
  [
    'no result',
    gone('marked/result.json'),
    'marked is not what a run left: it holds no result.json; name the folder that a finished run left',
  ],
  ['a damaged result', cutTo('marked/result.json', 100), 'marked/result.json cannot be read (it is no JSON)'],
  [
    'a result of another command',
    changedJson('marked/result.json', ({ train }) => ({ train })),
    'marked/result.json is of another command: it has no',
  ],
  [
    'no versions',
    changedJson('marked/result.json', ({ versions: _, ...others }) => others),
    'marked/result.json is of another command: it has no versions',
  ],
  ['no artefact in the store', inPublication(gone, ''), 'there is no artefact in', 'publish'],
  [
    'no versions in the store',
    inArtifact('marked/result.json', 'versions', gone, ''),
    'there is no artefact in',
    'markImages',
  ],
  ['no manifest in the store', inPublication(gone, 'private/manifest.json'), 'private/manifest.json in', 'is missing'],
  [
    'a changed manifest in the store',
    inPublication((name) => changed(name, (text) => text.replace('"row":1', '"row":9')), 'private/manifest.json'),
    'private/manifest.json in',
    'has SHA-256',
  ],
  [
    'another commitment in the result',
    changedJson('marked/result.json', ({ publication, ...others }) => ({
      ...others,
      publication: { ...(publication as object), facts: { commitment: 'a'.repeat(64) } },
    })),
    'the commitment aaaa',
    'is not to key',
  ],
];

/** Publications, as others check them. */
const released: readonly Row[] = [
  [
    'no manifest',
    gone('marked/private/manifest.json'),
    'marked/private/manifest.json cannot be read; name the folder that "radiotracer mark" left',
  ],
  [
    'a changed manifest',
    changed('marked/private/manifest.json', (text) => text.replace('"row":1', '"row":9')),
    'the commitment',
    'is not to key',
    'and this manifest',
  ],
  ['no images', gone('marked/published'), 'marked/published does not exist'],
  [
    'an image that is not the one',
    file('marked/published/train/cat/0.png', 'no image'),
    'train/cat/0.png, row 0 of the split: an image must be a whole PNG or JPEG file',
  ],
  [
    'rows that miss',
    gone('marked/published/train/dog/3.png'),
    'has no row 7 in its split train, which the manifest marks',
  ],
  [
    'another image that is not marked',
    file('marked/published/test/cat/0.png', png(8, 8, 99)),
    'marked/published is not as it was published: besides the marked images something was changed',
  ],
  [
    'no result',
    gone('marked/result.json'),
    'marked is not what a run left: it holds no result.json',
    'or give --commitment',
  ],
  [
    'a damaged result',
    file('marked/result.json', 'null'),
    'marked/result.json is of another command: it has no publication, or give --commitment',
  ],
];

const rows = (title: string, args: readonly string[], those: readonly Row[]): BadInput[] =>
  those.map(([problem, given, ...says]) => ({ title: `${title}: ${problem}`, code: 3, given, args, says }));

const ed25519 = (): Buffer =>
  Buffer.from(generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }));

/** A commitment that is well formed. */
function committed(facts: { readonly commitment?: string }): string {
  const hex = 'a'.repeat(64);
  const publication = { commitment: hex, keyId: hex, publishedDigest: hex, candidates: hex, ...facts };
  return commitmentText(makeCommitment(publication, { test: 'exact', level: 1e-3, looks: 1 }));
}

/** One of the detector's fixtures. */
const onnx =
  (name: string): Step =>
  async (folder) =>
    cp(new URL(`../../../../packages/detector/test/fixtures/${name}`, import.meta.url), join(folder, name));

/** What earlier runs left: networks and publications. */
export const results: readonly BadInput[] = [
  ...rows('a suspect', detect(), networks),
  ...rows('a publication', detect(), publications),
  ...rows('verify', verify, released),
  {
    title: 'a suspect: neither folder nor key',
    code: 3,
    args: detect({ suspect: 'nobody' }),
    says: [
      '--suspect nobody does not exist, and no network in the store has a key that starts so; those of the store are',
    ],
  },
  {
    title: 'a suspect: a pickle',
    code: 3,
    given: file('net.pth', 'PK\u0003\u0004'),
    args: detect({ suspect: 'net.pth' }),
    says: ['net.pth: a PyTorch pickle can run code when it is read', 'convert it', 'net.pth net.safetensors'],
  },
  {
    title: 'a suspect: no weights',
    code: 3,
    given: file('net.safetensors', 'weights'),
    args: detect({ suspect: 'net.safetensors' }),
    says: ['net.safetensors: 7 bytes are too short for a safetensors file'],
  },
  {
    title: 'a suspect: a network that is not known',
    code: 3,
    given: file('empty.safetensors', '\u0002\0\0\0\0\0\0\0{}'),
    args: detect({ suspect: 'empty.safetensors' }),
    says: ['empty.safetensors: its 0 tensors make no network that is known', 'known are resnet18, resnet34'],
  },
  {
    title: 'a suspect: an ONNX file that is none',
    code: 3,
    given: file('net.onnx', 'weights'),
    args: detect({ suspect: 'net.onnx' }),
    says: ['onnx: net.onnx: cannot be loaded (', 'protobuf parsing failed'],
  },
  {
    title: 'a suspect: an ONNX file for images of another size',
    code: 3,
    given: onnx('other-classes.onnx'),
    args: detect({ suspect: 'other-classes.onnx' }),
    says: ['onnx: other-classes.onnx: ', 'takes images of 16×16 pixels, the corpus has 8×8'],
  },
  {
    title: 'a suspect: an ONNX file without the output that is named',
    code: 3,
    given: onnx('two-classes.onnx'),
    args: [...detect({ suspect: 'two-classes.onnx' }), '--logits', 'scores'],
    says: ['onnx: two-classes.onnx: found the outputs logits [N, 2], not "scores"; name one of them'],
  },
  {
    title: 'a suspect: an output of what is no ONNX file',
    code: 2,
    args: [...detect(), '--logits', 'scores'],
    says: ['--logits scores names an output of an ONNX file, expected --suspect <file>.onnx'],
  },
  {
    title: 'a publication: another key',
    code: 3,
    args: detect({ key: 'other.key' }),
    says: ['the commitment', 'is not to key', 'find the key and the manifest as they were before the release'],
  },
  {
    title: 'a publication: another store',
    code: 3,
    args: detect({ store: 'elsewhere' }),
    says: ['there is no store', 'elsewhere; name with --store the one that made the publication'],
  },
  {
    title: 'verify: another key',
    code: 3,
    args: ['verify', 'marked', '--key', 'other.key'],
    says: ['the commitment', 'is not to key', 'find the key'],
  },
  {
    title: 'verify: another commitment',
    code: 3,
    args: [...verify, '--commitment', 'b'.repeat(64)],
    says: ['the commitment bbbb', 'is not to key'],
  },
  {
    title: 'verify: a commitment file that is none',
    code: 3,
    args: [...verify, '--commitment', 'ok.yaml'],
    says: ['evidence: ok.yaml is not JSON', 'expected a commitment'],
  },
  {
    title: 'verify: beside it the commitment of another publication',
    code: 3,
    given: file('marked/commitment.json', committed({ commitment: 'b'.repeat(64) })),
    args: verify,
    says: ['marked/commitment.json is of another publication: it commits to other than'],
  },
  {
    title: 'a commitment that says nothing',
    code: 3,
    given: file('marked/commitment.json', '{}'),
    args: detect(),
    says: ['marked/commitment.json is no commitment: format: '],
  },
  ...[['level', '0.01', '0.001'] as const, ['test', 'anytime', 'exact'] as const].map(([field, found, planned]) => ({
    title: `a ${field} other than the one committed to`,
    code: 2 as const,
    given: file('marked/commitment.json', committed({})),
    args: [...detect(), '--set', `${field}=${found}`],
    says: [`${field}: found ${found}, but marked/commitment.json commits to ${planned}; leave the ${field} out`],
  })),
  {
    title: 'sign: a signing key that is none',
    code: 3,
    args: ['sign', 'marked', '--key', 'my.key', '--signing-key', 'ok.yaml'],
    says: ['ok.yaml is no key without a password; expected a private Ed25519 key in PEM'],
  },
  {
    title: 'sign: no bundle',
    code: 3,
    given: (folder) => file('sign.pem', ed25519())(folder),
    args: ['sign', 'corpus', '--key', 'my.key', '--signing-key', 'sign.pem'],
    says: ['SHA256SUMS cannot be read in corpus (ENOENT); expected a whole bundle'],
  },
];
