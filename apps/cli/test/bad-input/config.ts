import type { BadInput } from './bad-input.ts';
import { experiment } from './experiment.ts';
import { dir, file } from './files.ts';

const lol = Array.from(
  { length: 9 },
  (_, i) =>
    `a${i}: &a${i} [${Array(9)
      .fill(i === 0 ? '1' : `*a${i - 1}`)
      .join(', ')}]`,
);

const contents: readonly (readonly [title: string, content: string | Uint8Array, ...says: string[]])[] = [
  ['empty', '', 'cannot be read: it is empty; expected settings in YAML or JSON'],
  ['binary', Uint8Array.from([0xff, 0xfe, 0, 1]), 'cannot be read: The encoded data was not valid'],
  ['too large', 'x'.repeat(2 ** 21), 'cannot be read: it has 2097152 bytes; settings are at most 1048576'],
  ['no YAML', 'training: [1, 2', 'cannot be read:', 'at line 1'],
  ['JSON cut off', '{ "training": { "epochs": 3', 'cannot be read:', 'at line 1'],
  ['indented by tabs', 'training:\n\tepochs: 3\n', 'cannot be read: Tabs are not allowed', 'at line 2'],
  ['a key twice', 'seed: 1\nseed: 2\n', 'cannot be read: Map keys must be unique at line 2'],
  ['an unknown tag', 'seed: !secret 3\n', 'cannot be read: Unresolved tag: !secret at line 1'],
  ['two documents', 'seed: 1\n---\nseed: 2\n', 'cannot be read: it holds several documents; expected settings'],
  ['an alias of nothing', 'seed: *other\n', 'cannot be read: Unresolved alias'],
  ['an alias of itself', 'training: &t { schedule: *t }\n', 'bad.yaml'],
  ['a bomb of aliases', `${lol.join('\n')}\n`, 'cannot be read: Excessive alias count'],
  ['a list', '- seed\n- 3\n', 'bad.yaml: the whole: found ["seed",3], expected a mapping of settings'],
  ['text', 'seed', 'bad.yaml: the whole: found "seed", expected a mapping of settings'],
  ['a number', '42', 'bad.yaml: the whole: found 42, expected a mapping of settings'],
  [
    'an unknown field',
    'colour: red',
    'bad.yaml: unknown field "colour"; valid fields: seed, controls, level, test, architecture',
  ],
  ['an unknown field inside', 'training: { epoch: 3 }', 'unknown field "training.epoch"; did you mean "epochs"?'],
  ['a field of the prototype', '__proto__: { seed: 3 }', 'bad.yaml: unknown field "__proto__"'],
  ['a field with a line feed', '"a\\nb": 1', 'bad.yaml: unknown field "a\\nb"'],
  ['an empty section', 'training:\n', 'bad.yaml: training: found null, expected the settings of a training'],
  ['text for a number', 'seed: many', 'bad.yaml: seed: found "many", expected a whole number ≥ 0'],
  [
    'text for a boolean',
    'marking: { horizontalFlip: "yes" }',
    'marking.horizontalFlip: found "yes", expected true or false',
  ],
  ['a number out of range', 'marking: { radius: 256 }', 'marking.radius: found 256, expected a whole number in 1..255'],
  ['a choice that is none', 'architecture: { stem: large }', 'architecture.stem: found "large", expected "imagenet"'],
  [
    'a stem that the architecture has not',
    'architecture: { name: vgg16, stem: small }',
    'bad.yaml: architecture.stem: found "small", expected "imagenet", which vgg16 has',
  ],
  [
    'a width that the architecture cannot have',
    'architecture: { name: densenet121, width: 7 }',
    'bad.yaml: architecture.width: found 7, expected a multiple of 2, as densenet121 needs',
  ],
  [
    'a schedule that is none',
    'training: { schedule: { name: linear } }',
    'training.schedule.name: found "linear", expected { name: cosine }',
  ],
  [
    'a schedule that lacks a field',
    'training: { schedule: { name: step, every: 3 } }',
    'training.schedule.factor: found nothing, expected { name: cosine } or',
  ],
  ['a very long value', `seed: ${'9'.repeat(5000)}x`, 'bad.yaml: seed: found "999', '…, expected a whole number ≥ 0'],
];

/** Config files. */
export const config: readonly BadInput[] = [
  ...contents.map(([title, content, ...says]): BadInput => ({
    title: `a config file: ${title}`,
    code: 2,
    given: file('bad.yaml', content),
    args: experiment({ config: 'bad.yaml' }),
    says: ['bad.yaml', ...says],
  })),
  {
    title: 'a config file: several wrong fields, a line each',
    code: 2,
    given: file('bad.yaml', 'seed: -1\ntraining: { epoch: 3 }\nmarking: { versions: 1 }\n'),
    args: experiment({ config: 'bad.yaml' }),
    says: [
      'bad.yaml: seed: found -1',
      'bad.yaml: unknown field "training.epoch"',
      'bad.yaml: marking.versions: found 1',
    ],
    lines: 3,
  },
  {
    title: 'a config file: missing',
    code: 2,
    args: experiment({ config: 'none.yaml' }),
    says: ['config file none.yaml cannot be read: ENOENT', 'expected settings in YAML or JSON'],
  },
  {
    title: 'a config file: a folder',
    code: 2,
    given: dir('bad.yaml'),
    args: experiment({ config: 'bad.yaml' }),
    says: ['config file bad.yaml cannot be read: it is not a file'],
  },
  {
    title: 'a config file: a name that would move the cursor',
    code: 2,
    args: experiment({ config: 'a\nb\u001b[2J.yaml' }),
    says: ['config file a b\\x1b[2J.yaml cannot be read: ENOENT; expected settings in YAML or JSON'],
  },
  {
    title: 'a config file: a last layer, for train',
    code: 2,
    given: file('bad.yaml', 'layers: last\nsuspect: { training: { privacy: { noiseMultiplier: 1 } } }'),
    args: ['train', '--corpus', 'corpus', '--config', 'bad.yaml'],
    says: ['layers: found "last", expected "all", as "train" trains a network from scratch'],
  },
  {
    title: 'a config file: a suspect of another network, for train',
    code: 2,
    given: file('bad.yaml', 'suspect: { distillation: { temperature: 2 } }'),
    args: ['train', '--corpus', 'corpus', '--config', 'bad.yaml'],
    says: [
      'suspect.distillation: expected nothing, as "train" trains a network from scratch; "experiment" and "study"',
    ],
  },
  {
    title: 'the anytime-valid test, for an experiment: no key is made',
    code: 2,
    args: ['experiment', '--corpus', 'corpus', '--config', 'ok.yaml', '--set', 'test=anytime', '--store', 'store'],
    says: ['test: found "anytime", expected "exact", by which experiments decide'],
  },
  {
    title: 'the anytime-valid test, for a demo: no key is made',
    code: 2,
    args: ['demo', '--set', 'test=anytime'],
    says: ['test: found "anytime", expected "exact", by which experiments decide'],
  },
  {
    title: 'the anytime-valid test, in a study: no key is made',
    code: 2,
    given: file(
      'study.yaml',
      'title: a study\nsettings: { training: { batchSize: 4 }, marking: { markedFraction: 1 } }\ngrid: { test: [exact, anytime] }\n',
    ),
    args: ['study', 'study.yaml', '--corpus', 'corpus', '--store', 'store'],
    says: ['study.yaml: test anytime: test: found "anytime", expected "exact", by which experiments decide'],
  },
];
