import { mkdir, readdir, rm } from 'node:fs/promises';
import { cpus, release, type } from 'node:os';
import { dirname, join } from 'node:path';
import type { Artifact } from './artifact.ts';
import { sync } from './atomic-file.ts';
import { canonicalJson } from './canonical-json.ts';
import { stageKey } from './manifest.ts';
import type { RunStore } from './run-store.ts';
import { StageLock } from './stage-lock.ts';
import type { Progress, Stage } from './stage.ts';

export interface RunStageOptions {
  readonly store: RunStore;
  /** Where inputs lie that are not artefacts, see `StageContext`. */
  readonly locations?: Readonly<Record<string, string>>;
  /** Versions of what computes, by name, for the run record: `{ radiotracer: '0.1.0' }`. Not part of the key. */
  readonly software?: Readonly<Record<string, string>>;
  readonly report?: (progress: Progress) => void;
  readonly signal?: AbortSignal;
}

/**
 * The artefact of a stage on an input: the one that the store has, or else the one that the stage makes now. Whoever
 * asks for the same while it is being made, in this process or in another, waits for it.
 *
 * The stage runs in `<store>/working/<stage>-<key>`: each attempt has an empty output folder of its own, `scratch` is
 * kept from one attempt to the next, and all are removed once the artefact is committed.
 *
 * @throws InvalidStageError if input or facts are not JSON; the signal's reason when aborted; `LockLostError`
 *   (retryable) when another process took over; and whatever the stage throws, unchanged
 */
export async function runStage<Input, Facts>(
  stage: Stage<Input, Facts>,
  input: Input,
  options: RunStageOptions,
): Promise<Artifact<Facts>> {
  const { store, signal = new AbortController().signal } = options;
  const key = stageKey(stage.name, stage.version, input);
  const existing = await store.find(stage.name, key);
  if (existing) return existing as Artifact<Facts>;

  const working = store.workingFolder({ stage: stage.name, key });
  const lock = await StageLock.acquire(working, signal);
  try {
    const theirs = await store.find(stage.name, key);
    const artifact = theirs ?? (await attempt(stage, input, key, working, lock, { ...options, signal }));
    await store.discard(working);
    return artifact as Artifact<Facts>;
  } finally {
    await lock.release();
  }
}

async function attempt<Input, Facts>(
  stage: Stage<Input, Facts>,
  input: Input,
  key: string,
  working: string,
  lock: StageLock,
  {
    store,
    locations = {},
    software,
    report = () => undefined,
    signal,
  }: RunStageOptions & { readonly signal: AbortSignal },
): Promise<Artifact> {
  await store.drop({ stage: stage.name, key }); // one that `find` did not find, as it lacks files
  const { outputDir, scratchDir } = await prepare(working, lock.attempt);
  const open = (artifact: Artifact): Promise<string> => store.verify(artifact);
  const stop = AbortSignal.any([signal, lock.lost]);

  const startedAt = new Date();
  const facts = await stage
    .run(input, { outputDir, scratchDir, locations, open, report, signal: stop })
    .finally(() => lock.assertHeld()); // who lost it fails for want of files that the other removed
  stop.throwIfAborted();

  const made = {
    stage: stage.name,
    version: stage.version,
    key,
    input: JSON.parse(canonicalJson(input, 'input')),
    facts: JSON.parse(canonicalJson(facts, `facts of ${stage.name}`)),
  };
  return store.commit(outputDir, made, {
    startedAt: startedAt.toISOString(),
    seconds: (Date.now() - startedAt.getTime()) / 1000,
    node: process.version,
    os: `${type()} ${release()}`,
    cpu: cpus()[0]?.model ?? 'unknown',
    ...(software && { software }),
    attempt: lock.attempt,
  });
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
