import { existsSync } from 'node:fs';
import { Argument, Command, InvalidArgumentError, Option } from 'commander';
import manifest from '../../package.json' with { type: 'json' };
import { defaults } from './command-line.ts';
import type { Shell } from './commands/completion.ts';
import type { Control } from './commands/control.ts';
import type { ServerCommand } from './commands/server.ts';
import { completionTree } from './completion-tree.ts';
import { exitCodes } from './errors.ts';
import { refuseMalformed } from './refuse-malformed.ts';
import { isId, validId } from './run-id.ts';

/*
 * The commands and their flags. What a command does is loaded when it is called, so that `--help` answers at once.
 */

const exitCodeHelp = `
Exit codes:
  ${exitCodes.done}    done, whatever the verdict
  ${exitCodes.usage}    wrong flag, argument or setting
  ${exitCodes.input}    a corpus, key, publication or network that cannot be used
  ${exitCodes.computation}    the computation failed or was cancelled
  ${exitCodes.unreachable}    no Temporal server or worker answers
  ${exitCodes.environment}    the machine lacks something (doctor)
  ${exitCodes.interrupted}  interrupted; the same command again goes on`;

/** The `radiotracer` command. Throws `CommanderError` instead of ending the process. */
export function createProgram(): Command {
  const program = new Command('radiotracer')
    .description('Mark an image data set so that a model trained on it can be told from one that was not.')
    .version(manifest.version)
    .option('--json', 'print the result as one JSON document on stdout')
    .option('--quiet', 'no progress on stderr')
    .option('--debug', 'show stack traces')
    .exitOverride()
    .configureHelp({ showGlobalOptions: true })
    .addHelpText('after', exitCodeHelp);

  program
    .command('demo')
    .description('the whole chain on a generated corpus, with a fresh key')
    .option('--out <folder>', 'folder of all demos', defaults.demo)
    .addOption(configOption())
    .addOption(setOption())
    .action(calling(async () => (await import('./commands/demo.ts')).demoCommand));

  withRun(withMarking(program.command('experiment')))
    .description('mark a corpus, train a suspect on it and a control on the clean one, judge both')
    .requiredOption('--corpus <folder>', 'Parquet in the Hugging Face layout, image folders, or CIFAR binaries')
    .addOption(keyOption('made if there is none and this is not given'))
    .action(calling(async () => (await import('./commands/experiment.ts')).experimentCommand));

  withRun(program.command('study'))
    .description('run a grid of experiments, and put what came out in a table and a page')
    .argument('<file>', 'the study, YAML or JSON; its keys are made beside it, in <name>.keys/')
    .option('--corpus <folder>', 'the corpus (default: the one that the file names)')
    .action(calling(async () => (await import('./commands/study.ts')).studyCommand));

  program
    .command('keygen')
    .description('make a secret key')
    .argument('[path]', 'a new file', defaults.key)
    .action(calling(async () => (await import('./commands/keygen.ts')).keygenCommand));

  withRun(withMarking(program.command('mark')))
    .description('mark a corpus: leaves published/, to release, and private/, to keep')
    .requiredOption('--corpus <folder>', 'the clean corpus')
    .option(
      '--beacon <value>',
      'draws with the key: <source>:<round>:<hex>, of a round after the candidates were public',
    )
    .addOption(keyOption('made if there is none and this is not given'))
    .action(calling(async () => (await import('./commands/mark.ts')).markCommand));

  program
    .command('commit')
    .description('before the release: write what to make public, so that nothing can be chosen afterwards')
    .argument('<folder>', 'the folder that mark left; gets commitment.json')
    .addOption(keyOption('the one that marked'))
    .option('--looks <count>', 'suspects that will be tested under this key; all count', '1')
    .option('--announce <source:round>', 'the beacon that is to draw before anything is released')
    .option('--announcement <file>', 'where it has drawn: the commitment that announced it')
    .addOption(configOption())
    .addOption(setOption())
    .action(calling(async () => (await import('./commands/commit.ts')).commitCommand));

  withMarking(program.command('power'))
    .description('tell, before anything is marked, which effect could be detected')
    .option('--corpus <folder>', 'the corpus that would be marked')
    .option('--images <count>', 'without a corpus: images of the split that would be marked')
    .option('--classes <count>', 'and its classes')
    .action(calling(async () => (await import('./commands/power.ts')).powerCommand));

  withRun(withTraining(program.command('train')))
    .description('train a network on a corpus')
    .requiredOption('--corpus <folder>', 'clean or published')
    .action(calling(async () => (await import('./commands/train.ts')).trainCommand));

  withRun(program.command('detect'))
    .description('judge whether a model was trained on a publication')
    .requiredOption('--publication <folder>', 'the folder that mark or experiment left')
    .option(
      '--suspect <network>',
      'a safetensors or ONNX file, the folder that train left, or the start of a network’s key in the store; white-box ' +
        'tests are of its weights, of an ONNX file of its logits',
    )
    .option('--logits <output>', 'of an ONNX file with several outputs: the one that holds the logits')
    .option('--answers <file>', 'or what another suspect answered to the queries: CSV, JSON Lines or Parquet')
    .option('--endpoint <file>', 'or how a suspect is asked over HTTP, JSON')
    .addOption(keyOption('the one that marked'))
    .addOption(configOption())
    .addOption(setOption())
    .action(calling(async () => (await import('./commands/detect.ts')).detectCommand));

  program
    .command('queries')
    .description('write what a suspect that is not at hand must be asked: published and decoy versions, unlabelled')
    .requiredOption('--publication <folder>', 'the folder that mark or experiment left')
    .requiredOption('--out <folder>', 'a new folder: queries/, to give away, and private/, to keep')
    .option('--views', 'each version eight times, moved by two pixels and mirrored: as good as twice the marked images')
    .addOption(keyOption('the one that marked'))
    .addOption(storeOption())
    .action(calling(async () => (await import('./commands/queries.ts')).queriesCommand));

  withServer(program.command('status'))
    .description('tell how far a run is')
    .argument('<id>', 'its workflow id', parseId)
    .action(calling(async () => (await import('./commands/status.ts')).statusCommand));

  const controls: Readonly<Record<Control, string>> = {
    pause: 'stop a run, keeping its checkpoints, until it is resumed',
    cancel: 'end a run; what it finished stays in the store',
  };
  for (const [control, description] of Object.entries(controls) as [Control, string][]) {
    withServer(program.command(control))
      .description(description)
      .argument('<id>', 'its workflow id', parseId)
      .action(calling(async () => (await import('./commands/control.ts')).controlCommand.bind(undefined, control)));
  }

  withServer(program.command('resume'))
    .description('go on with a run that was paused, stopped or cut off, even if its server was lost')
    .argument('<id>', 'its workflow id', parseId)
    .addOption(detachOption())
    .action(calling(async () => (await import('./commands/resume.ts')).resumeCommand));

  withServer(program.command('report'))
    .description('tell where the report of a run lies')
    .argument('<id>', 'its workflow id', parseId)
    .action(calling(async () => (await import('./commands/report.ts')).reportCommand));

  program
    .command('verify')
    .description('check a publication, or evidence: compute again all that follows from the key')
    .argument('<folder>', 'the folder that mark left, the publication of an experiment, or a bundle of evidence')
    .addOption(keyOption('the one that marked'))
    .option('--commitment <hex or file>', 'as it was made public (default: the one in the folder)', parseCommitment)
    .option('--announcement <file>', 'evidence: where a beacon drew, the commitment that announced it')
    .option('--weights <file>', 'evidence: weights of a suspect, to be compared by hash')
    .option('--answers <file>', 'evidence: or the answers of one that only answered')
    .option('--published <folder>', 'evidence: the corpus as it was published, to be compared by hash')
    .option('--public-key <file>', 'evidence: Ed25519 in PEM, of whoever signed the statement')
    .action(calling(async () => (await import('./commands/verify.ts')).verifyCommand));

  program
    .command('sign')
    .description('verify a bundle of evidence and sign what it says (in-toto statement, DSSE)')
    .argument('<folder>', 'the bundle; gets statement.dsse.json')
    .addOption(keyOption('the one that marked'))
    .requiredOption('--signing-key <file>', 'Ed25519, PKCS#8 in PEM: openssl genpkey -algorithm ed25519')
    .action(calling(async () => (await import('./commands/sign.ts')).signCommand));

  program
    .command('worker')
    .description('work for a Temporal server until Ctrl-C')
    .addOption(addressOption('its address').makeOptionMandatory())
    .addOption(namespaceOption())
    .option(
      '--cache <folder>',
      'for stores in buckets: what is fetched and made here (default: in ~/.cache/radiotracer)',
    )
    .option('--concurrency <count>', 'stages that run at once; each takes all cores', '1')
    .action(calling(async () => (await import('./commands/worker.ts')).workerCommand));

  const server = program.command('server').description('the local Temporal server and worker of a store');
  const serverDescriptions: Readonly<Record<ServerCommand, string>> = {
    start: 'start it in the background',
    run: 'run it here until Ctrl-C',
    stop: 'stop it',
  };
  for (const [name, description] of Object.entries(serverDescriptions) as [ServerCommand, string][]) {
    server
      .command(name)
      .description(description)
      .addOption(storeOption())
      .action(calling(async () => (await import('./commands/server.ts')).serverCommands[name]));
  }

  program
    .command('doctor')
    .description('tell what this machine has, and which device computes')
    .option('--require-gpu', 'fail where TensorFlow sees no GPU')
    .action(calling(async () => (await import('./commands/doctor.ts')).doctorCommand));

  program
    .command('completion')
    .description('print a script that makes the shell complete commands and flags')
    .addArgument(new Argument('<shell>', 'which one').choices(['bash', 'zsh'] satisfies Shell[]))
    .action(
      calling(async () => {
        const { completionCommand } = await import('./commands/completion.ts');
        return completionCommand.bind(undefined, completionTree(program));
      }),
    );

  program.hook('preAction', async (_program, command) => {
    const { store } = command.opts<{ store?: string }>();
    if (store !== undefined) await (await import('./places.ts')).requireNoFile(store);
  });
  refuseMalformed(program);
  return program;
}

/** Loads what a command does, and calls it with the command's arguments and then all flags. */
function calling(load: () => Promise<(...given: never[]) => unknown>): (...given: unknown[]) => Promise<void> {
  return async (...given) => {
    const command = given.at(-1) as Command; // commander gives arguments, the command's own flags, and the command
    const act = (await load()) as (...given: unknown[]) => unknown;
    await act(...given.slice(0, -2), command.optsWithGlobals());
  };
}

function withTraining(command: Command): Command {
  return command
    .addOption(configOption())
    .option('--epochs <count>', 'epochs of every training')
    .option('--seed <number>', 'of everything that is not secret')
    .addOption(setOption());
}

function withMarking(command: Command): Command {
  return withTraining(command)
    .option('--fraction <share>', 'share of the images to mark, 0.01 for 1%')
    .option('--versions <count>', 'versions of each marked image: one published, the others decoys')
    .option('--encode <format>', 'of published marked images: png, or jpeg:<quality> for a corpus of JPEG files');
}

function withRun(command: Command): Command {
  return withServer(command)
    .option('--out <folder>', 'what people want of the result (default: runs/<id>)')
    .option('--id <id>', 'workflow id (default: follows from the settings)')
    .addOption(detachOption());
}

function withServer(command: Command): Command {
  return command.addOption(storeOption()).addOption(addressOption()).addOption(namespaceOption());
}

const detachOption = (): Option => new Option('--detach', 'start it in the background and return');
const storeOption = (): Option =>
  new Option('--store <place>', 'artefacts of all runs: a folder, or s3://bucket/path with --address').default(
    defaults.store,
  );
const addressOption = (what = 'Temporal server (default: a local one)'): Option =>
  new Option('--address <host:port>', what).env('TEMPORAL_ADDRESS').argParser(parseAddress);
const namespaceOption = (): Option =>
  new Option('--namespace <name>', 'of the Temporal server').env('TEMPORAL_NAMESPACE').default(defaults.namespace);
const keyOption = (what: string): Option => new Option('--key <file>', `secret key, ${what}`).default(defaults.key);
const configOption = (): Option => new Option('--config <file>', 'settings, YAML or JSON');
const setOption = (): Option => new Option('--set <field=value...>', 'any other setting: training.momentum=0.8');

function parseAddress(text: string): string {
  const { host, port } = /^(?<host>[\w.-]+|\[[\da-fA-F:.]+\]):(?<port>\d{1,5})$/.exec(text)?.groups ?? {};
  if (host !== undefined && Number(port) >= 1 && Number(port) <= 65_535) return text;
  throw new InvalidArgumentError('Expected <host>:<port>, such as 127.0.0.1:7233, the port in 1..65535.');
}

function parseCommitment(text: string): string {
  if (/^[\da-f]{64}$/i.test(text)) return text.toLowerCase();
  if (existsSync(text)) return text;
  throw new InvalidArgumentError('There is no such file; expected one that commit wrote, or 64 hex digits.');
}

function parseId(text: string): string {
  if (isId(text)) return text;
  throw new InvalidArgumentError(`Expected ${validId}.`);
}
