import { mkdir, readdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Artifact } from './artifact.ts';
import { canonicalJson } from './canonical-json.ts';
import { CorruptArtifactError, StorageError } from './errors.ts';
import { type Machine, machineSchema, thisMachine } from './machine.ts';
import { type Manifest, stageKey } from './manifest.ts';
import { readSealed, writeSealed } from './sealed-file.ts';
import type { Progress, Stage } from './stage.ts';
import type { Claim, Store } from './store.ts';
import { sync } from './sync.ts';

export interface RunStageOptions {
  readonly store: Store;
  /** Where inputs lie that are not artefacts, see `StageContext`. */
  readonly locations?: Readonly<Record<string, string>>;
  /** Versions of what computes, by name, for the run record: `{ radiotracer: '0.1.0' }`. Not part of the key. */
  readonly software?: Readonly<Record<string, string>>;
  /** Finds a stage by its name, so that an input which turns out to be damaged is made again. */
  readonly stages?: (name: string) => Promise<Stage<never, unknown> | undefined>;
  readonly report?: (progress: Progress) => void;
  readonly signal?: AbortSignal;
}

/**
 * The artefact of a stage on an input: the one that the store has, or else the one that the stage makes now. Whoever
 * asks for the same while it is being made, in this process or in another, waits for it.
 *
 * The stage runs in the working folder of its claim: each attempt has an empty output folder of its own, `scratch` is
 * kept from one attempt to the next, and all are removed once the artefact is committed.
 *
 * @throws InvalidStageError if input or facts are not JSON; the signal's reason when aborted; `LockLostError`
 *   (retryable) when another process took over; `CorruptArtifactError` if an input is damaged and cannot be made
 *   again; `StorageError` if the disk is full or read-only; and whatever else the stage throws, unchanged
 */
export async function runStage<Input, Facts>(
  stage: Stage<Input, Facts>,
  input: Input,
  options: RunStageOptions,
): Promise<Artifact<Facts>> {
  const { store } = options;
  const key = stageKey(stage.name, stage.version, input);
  const find = async () => (await store.find(stage.name, key)) as Artifact<Facts> | undefined;
  try {
    return (await find()) ?? (await make(stage, input, key, find, options));
  } catch (error) {
    throw StorageError.from(error, store.root);
  }
}

/** Makes an artefact under the stage's lock, unless `find` finds that another process made it meanwhile. */
async function make<Input, Facts>(
  stage: Stage<Input, Facts>,
  input: Input,
  key: string,
  find: () => Promise<Artifact<Facts> | undefined>,
  options: RunStageOptions,
  expected?: string,
): Promise<Artifact<Facts>> {
  const { store, signal = new AbortController().signal } = options;
  const claim = await store.claim({ stage: stage.name, key }, signal);
  try {
    const json = JSON.parse(canonicalJson(input, 'input')) as Manifest['input'];
    const made = { stage: stage.name, version: stage.version, key, input: json };
    const run = () => attempt(stage, input, made, claim, { ...options, signal }, expected);
    const artifact = (await find()) ?? ((await run()) as Artifact<Facts>);
    await claim.discard();
    return artifact;
  } finally {
    await claim.release();
  }
}

async function attempt<Input, Facts>(
  stage: Stage<Input, Facts>,
  input: Input,
  made: { readonly stage: string; readonly version: number; readonly key: string; readonly input: Manifest['input'] },
  claim: Claim,
  options: RunStageOptions & { readonly signal: AbortSignal },
  expected?: string,
): Promise<Artifact> {
  const { store, locations = {}, report = () => undefined, signal } = options;
  const machine = thisMachine(options.software);
  const { outputDir, scratchDir } = await prepare(claim.folder, claim.attempt);
  const logDir = join(store.root, 'logs', made.stage, made.key);
  const earlierMachines = await noteMachine(scratchDir, claim.folder, machine);
  const open = (artifact: Artifact): Promise<string> => openInput(artifact, options);
  const stop = AbortSignal.any([signal, claim.lost]);

  const startedAt = new Date();
  const start = performance.now(); // the clock on the wall may be set meanwhile
  const facts = await stage
    .run(input, { outputDir, scratchDir, logDir, locations, open, report, signal: stop })
    .finally(() => claim.assertHeld()); // who lost it fails for want of files that the other removed
  stop.throwIfAborted();

  const record = {
    startedAt: startedAt.toISOString(),
    seconds: (performance.now() - start) / 1000,
    attempt: claim.attempt,
    machine,
    ...(earlierMachines.length > 0 && { earlierMachines }),
  };
  const checkedFacts = JSON.parse(canonicalJson(facts, `facts of ${stage.name}`));
  return store.commit(outputDir, { ...made, facts: checkedFacts }, record, expected);
}

/** Folder of an input after every file in it was checked; one that is damaged is made again from its own input. */
async function openInput(artifact: Artifact, options: RunStageOptions): Promise<string> {
  const { store, stages } = options;
  try {
    return await store.verify(artifact);
  } catch (error) {
    if (!(error instanceof CorruptArtifactError) || stages === undefined) throw error;
    const { manifest } = await store.describe(artifact); // throws again where the manifest is what is damaged
    const stage = await stages(artifact.stage);
    if (stage === undefined || stage.version !== manifest.version) throw error;
    const findSound = () => soundOne(artifact, store);
    await make(stage, manifest.input as never, artifact.key, findSound, options, artifact.sha256);
    return store.verify(artifact);
  }
}

/** The artefact, if no bit of it is damaged (any more). */
async function soundOne(artifact: Artifact, store: Store): Promise<Artifact | undefined> {
  return store.verify(artifact).then(
    () => artifact,
    () => undefined,
  );
}

/**
 * Makes an attempt's folders and removes what earlier attempts put out. One's output is never the other's folder, so a
 * process that was frozen, lost its lock and wakes up cannot write into what its successor commits.
 */
async function prepare(working: string, attempt: number): Promise<{ outputDir: string; scratchDir: string }> {
  for (const name of await readdir(working)) {
    if (name.startsWith('output-')) await rm(join(working, name), { recursive: true, force: true });
  }
  const outputDir = join(working, `output-${attempt}`);
  const scratchDir = join(working, 'scratch');
  await mkdir(outputDir);
  await mkdir(scratchDir, { recursive: true });
  // A checkpoint survives a power cut only if the folders above it do.
  await sync(working);
  await sync(dirname(working));
  return { outputDir, scratchDir };
}

/** Adds this machine to those that worked on the scratch folder; returns the others among them. */
async function noteMachine(scratchDir: string, working: string, machine: Machine): Promise<Machine[]> {
  const file = join(working, 'machines.json');
  const isEmpty = (await readdir(scratchDir)).length === 0; // nothing of theirs goes into the result
  const noted = isEmpty ? undefined : await readSealed(file);
  const before = noted ? machineSchema.array().parse(JSON.parse(noted.toString())) : [];
  const others = before.filter((other) => kindOf(other) !== kindOf(machine));
  await writeSealed(file, JSON.stringify([...others, machine]));
  return others;
}

/** A machine without its kernel's version, of which no bit depends. */
function kindOf({ cpu, cores, node, software }: Machine): string {
  return JSON.stringify([cpu, cores, node, software]);
}
