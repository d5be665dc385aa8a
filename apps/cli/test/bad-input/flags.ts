import type { BadInput } from './bad-input.ts';
import { experiment } from './experiment.ts';

/** Flags and arguments, as they are typed. */
export const flags: readonly BadInput[] = [
  [
    'a command that is none',
    ['expriment'],
    "unknown command 'expriment' (Did you mean experiment?)",
    '"radiotracer --help"',
  ],
  ['a subcommand that is none', ['server', 'restart'], "unknown command 'restart'", '"radiotracer server --help"'],
  [
    'a flag that is none',
    ['keygen', '--jsn'],
    "unknown option '--jsn' (Did you mean --json?)",
    '"radiotracer keygen --help"',
  ],
  ['a flag of another command', ['train', '--corpus', 'corpus', '--fraction', '0.1'], "unknown option '--fraction'"],
  ['no corpus', ['experiment'], "required option '--corpus <folder>' not specified"],
  ['no corpus to plan for', ['power'], 'give either --corpus, or both --images and --classes'],
  ['images without classes', ['power', '--images', '100'], 'give either --corpus, or both --images and --classes'],
  [
    'too few classes',
    ['power', '--images', '100', '--classes', '1'],
    '--classes: found "1", expected a whole number ≥ 2',
  ],
  [
    'no number of images',
    ['power', '--images', 'many', '--classes', '2'],
    '--images: found "many", expected a whole number ≥ 1',
  ],
  ['no address', ['worker'], "required option '--address <host:port>' not specified"],
  ['no suspect', ['detect', '--publication', 'marked'], "required option '--suspect <network>' not specified"],
  ['no id', ['status'], "missing required argument 'id'"],
  [
    'an argument too many',
    ['keygen', 'a.key', 'b.key'],
    "too many arguments for 'keygen'. Expected 1 argument but got 2",
  ],
  ['a flag without its value', ['experiment', '--corpus'], "option '--corpus <folder>' argument missing"],
  [
    'a flag for a value',
    ['experiment', '--corpus', '--epochs', '3'],
    "'--corpus <folder>' has no value: found the flag --epochs",
  ],
  ['a flag twice', experiment({}, '--corpus', 'other'), "'--corpus <folder>' is given twice"],
  ['a number twice', experiment({ epochs: '1' }, '--epochs', '2'), "'--epochs <count>' is given twice"],
  ...['corpus', 'store', 'out', 'key', 'config', 'id', 'address', 'namespace', 'epochs'].map(
    (name) => [`an empty --${name}`, experiment({ [name]: '' }), `'--${name} <`, 'is empty'] as const,
  ),
  ['an empty suspect', ['detect', '--publication', 'marked', '--suspect', ' '], "'--suspect <network>' is empty"],
  ['an empty argument', ['keygen', ''], "argument 'path' is empty"],
  ['an empty folder', ['verify', ''], "argument 'folder' is empty"],
  [
    'no number',
    experiment({ fraction: 'NaN' }),
    '--fraction: marking.markedFraction: found "NaN", expected a number in (0, 1]',
  ],
  ['not a number', experiment({ fraction: '.nan' }), 'marking.markedFraction: found NaN, expected a number in (0, 1]'],
  [
    'a negative number',
    experiment({ fraction: '-0.1' }),
    'marking.markedFraction: found -0.1, expected a number in (0, 1]',
  ],
  ['nothing to mark', experiment({ fraction: '0' }), 'marking.markedFraction: found 0, expected a number in (0, 1]'],
  ['more than all to mark', experiment({ fraction: '2' }), 'found 2, expected a number in (0, 1]; 0.01 marks 1%'],
  [
    'a percentage',
    experiment({ fraction: '1%' }),
    'found "1%", expected a number in (0, 1]; 0.01 marks 1% of the images',
  ],
  [
    'less than one image',
    experiment({ fraction: '1e-9' }),
    'found 1e-9, which of 8 images is less than one; expected at least 0.125',
  ],
  ['no epochs', experiment({ epochs: '0' }), '--epochs: training.epochs: found 0, expected a whole number ≥ 1'],
  ['half an epoch', experiment({ epochs: '1.5' }), 'training.epochs: found 1.5, expected a whole number ≥ 1'],
  ['minutes for epochs', experiment({ epochs: '10m' }), 'training.epochs: found "10m", expected a whole number ≥ 1'],
  ['endless epochs', experiment({ epochs: '1e999' }), 'training.epochs: found Infinity, expected a whole number ≥ 1'],
  [
    'one version',
    experiment({ versions: '1' }),
    '--versions: marking.versions: found 1, expected a whole number in 2..1000',
  ],
  [
    'too many versions',
    experiment({ versions: '99999999' }),
    'marking.versions: found 99999999, expected a whole number in 2..1000',
  ],
  ['a negative seed', experiment({ seed: '-1' }), '--seed: seed: found -1, expected a whole number ≥ 0'],
  ['a seed too large', experiment({ seed: '1e300' }), 'seed: found 1e+300, expected a whole number ≥ 0, below 2⁵³'],
  ['a list for a number', experiment({ seed: '[1, 2]' }), 'seed: found [1,2], expected a whole number ≥ 0'],
  [
    '--set without a value',
    experiment({ set: 'training.epochs' }),
    'found "training.epochs", expected <field>=<value>',
  ],
  ['--set without a field', experiment({ set: '=3' }), 'found "=3", expected <field>=<value>'],
  [
    '--set of an unknown field',
    experiment({ set: 'training.epoch=3' }),
    'unknown field "training.epoch"; did you mean "epochs"?',
  ],
  [
    '--set of an empty part',
    experiment({ set: 'training..epochs=3' }),
    '--set: unknown field "training."; valid fields: epochs,',
  ],
  [
    '--set of a whole section',
    experiment({ set: 'training=3' }),
    '--set: training: found 3, expected the settings of a training',
  ],
  ['--set of a prototype', experiment({ set: '__proto__.epochs=3' }), '--set: unknown field "__proto__"'],
  ['a level that is none', experiment({ set: 'level=0' }), 'level: found 0, expected a number between 0 and 1'],
  [
    'a huge network',
    experiment({ set: 'architecture.width=1000000' }),
    'architecture.width: found 1000000, expected a whole number in 1..1024',
  ],
  [
    'a batch larger than the corpus',
    experiment({ set: 'training.batchSize=9' }),
    'training.batchSize: found 9, expected at most 8',
  ],
  [
    'crops without an image',
    experiment({ set: 'training.cropPadding=8' }),
    'training.cropPadding: found 8, expected less than 8',
  ],
  [
    'settings without power',
    experiment({ fraction: '0.2' }),
    'nothing could be detected: 2 marked images',
    'enough would be',
  ],
  [
    '--set that detect has no use for',
    ['detect', '--publication', 'marked', '--suspect', 'suspect', '--set', 'seed=1'],
    'this command has no use for "seed"; it takes level',
  ],
  [
    'no stages at once',
    ['worker', '--address', '127.0.0.1:1', '--concurrency', '0'],
    '--concurrency: found "0", expected a whole number ≥ 1',
  ],
  [
    'no number of stages',
    ['worker', '--address', '127.0.0.1:1', '--concurrency', 'two'],
    '--concurrency: found "two", expected a whole number ≥ 1',
  ],
  [
    'a commitment that is none',
    ['verify', 'marked', '--commitment', 'c0ffee'],
    "argument 'c0ffee' is invalid. Expected 64 hex digits, or the file that commit wrote;",
  ],
].map(([title, args, ...says]) => ({ title, code: 2, args, says }) as BadInput);
