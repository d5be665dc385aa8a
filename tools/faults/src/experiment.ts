import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { generate, generatedFolder } from '@radiotracer/corpus';
import { runStage, RunStore } from '@radiotracer/store';

/** 480 images of 32×32 for training, 100 for the test, from a formula. */
const corpus = { classes: 4, trainImages: 480, testImages: 100, size: 32, seed: 1 };

/** So small that all stages take half a minute, and so that each has several checkpoints. */
const training = {
  'architecture.width': 8,
  'architecture.stem': 'small',
  'training.epochs': 2,
  'training.batchSize': 48,
  'training.checkpointEvery': 3,
  'training.warmupEpochs': 0,
};
const marking = {
  'marking.markedFraction': 0.16, // 77 images: with 6 versions 4 batches of at most 20 images
  'marking.versions': 6,
  'marking.steps': 4,
  'marking.selection': 'random',
};
/** What is done between two checkpoints of a step, which a death of its child may cost. */
export const intervals = [
  { steps: /^train-/, interval: 3 * 48 }, // images
  { steps: /^mark-images$/, interval: 20 * 6 * 4 }, // image-steps: a batch
  { steps: /^ingest-/, interval: Math.floor((32 * 2 ** 20) / (32 * 32 * 3)) }, // images: a shard
  { steps: /^publish$/, interval: corpus.trainImages }, // images: a file
  { steps: /^(extract-evidence-|fit-references$)/, interval: 2500 }, // images
];

const root = fileURLToPath(new URL('../../../', import.meta.url));
const program = join(root, 'apps/cli/dist/main.js');

/** A corpus and a key, with which the same experiment can be run in any number of fresh stores. */
export class Scene {
  readonly corpus: string;
  readonly key: string;

  private constructor(readonly folder: string) {
    this.corpus = join(folder, 'corpus');
    this.key = join(folder, 'publisher.key');
  }

  /** Makes corpus and key in a folder. The program has to be built, as people run it. */
  static async make(folder: string): Promise<Scene> {
    const scene = new Scene(folder);
    const store = await RunStore.open(join(folder, 'generated'));
    const generated = await runStage(generate, corpus, { store });
    await cp(join(store.folder(generated), generatedFolder), scene.corpus, { recursive: true });
    const keygen = await Command.start(scene, ['keygen', scene.key], { log: join(folder, 'keygen.log') });
    if ((await keygen.ended) !== 0) throw new Error(`faults: no key: ${await keygen.printed()}`);
    return scene;
  }

  /** The places of one run of the experiment. */
  run(name: string): Run {
    return new Run(this, join(this.folder, name));
  }
}

export interface TrainingOptions {
  readonly corpus?: string;
  /** For the command and all that it starts. */
  readonly env?: NodeJS.ProcessEnv;
}

/** One run of the experiment: a store of its own, and the command that is given as often as it takes. */
export class Run {
  readonly store: string;
  readonly out: string;
  /** What the children told of their progress, see `trace-progress.mjs`. */
  readonly trace: string;
  /** Names the step at which the child is to stop, see `hold-child.mjs`. */
  readonly hold: string;
  /** Given so far. */
  private commands = 0;

  /** @param store - another place for it, such as a disk of its own */
  constructor(
    readonly scene: Scene,
    readonly folder: string,
    store = join(folder, 'store'),
  ) {
    this.store = store;
    this.out = join(folder, 'out');
    this.trace = join(folder, 'trace.jsonl');
    this.hold = join(folder, 'hold');
  }

  /** Gives the command of the experiment. */
  start(): Promise<Command> {
    return this.command(['experiment', '--key', this.scene.key, ...this.flags({ ...training, ...marking })]);
  }

  /** Gives the command that trains one network on the corpus, for faults that need no more. */
  startTraining({ corpus = this.scene.corpus, env = {} }: TrainingOptions = {}): Promise<Command> {
    return this.command(['train', ...this.flags(training, corpus)], env);
  }

  /** Any other command. */
  async command(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Command> {
    await mkdir(this.folder, { recursive: true });
    const preloads = ['./trace-progress.mjs', './hold-child.mjs'].map((file) => new URL(file, import.meta.url));
    return Command.start(this.scene, args, {
      log: join(this.folder, `command-${++this.commands}.log`),
      env: {
        NODE_OPTIONS: preloads.map((url) => `--import ${fileURLToPath(url)}`).join(' '),
        RADIOTRACER_TRACE: this.trace,
        RADIOTRACER_HOLD: this.hold,
        ...env,
      },
    });
  }

  private flags(settings: object, corpus = this.scene.corpus): string[] {
    const set = Object.entries(settings).map(([field, value]) => `${field}=${value}`);
    return ['--corpus', corpus, '--store', this.store, '--out', this.out, '--set', ...set];
  }
}

/** A command as it runs. What it prints goes to a file, so that it minds nobody's death but its own. */
export class Command {
  /** Its exit code, or the name of the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals>;
  outcome: number | NodeJS.Signals | undefined;

  private constructor(
    readonly process: ChildProcess,
    private readonly log: string,
  ) {
    this.ended = once(process, 'exit').then(([code, by]) => (this.outcome = (code ?? by) as number | NodeJS.Signals));
  }

  static async start(
    { folder }: Scene,
    args: readonly string[],
    { log, env = {} }: { readonly log: string; readonly env?: NodeJS.ProcessEnv },
  ): Promise<Command> {
    const file = await open(log, 'w');
    const child = spawn(process.execPath, [program, ...args], {
      cwd: folder,
      env: { ...process.env, ...env },
      stdio: ['ignore', file.fd, file.fd],
    });
    await file.close();
    return new Command(child, log);
  }

  /** What it has printed so far. */
  async printed(): Promise<string> {
    return readFile(this.log, 'utf8');
  }
}
