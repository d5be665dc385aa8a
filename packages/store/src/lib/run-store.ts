import { randomUUID } from 'node:crypto';
import { mkdir, readFile, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { z } from 'zod';
import type { Artifact } from './artifact.ts';
import { sync, writeFileAtomic } from './atomic-file.ts';
import { CorruptArtifactError, InvalidStageError, MissingArtifactError } from './errors.ts';
import { listFiles, manifestSchema, reservedFiles, runRecordSchema } from './manifest.ts';
import type { Manifest, RunRecord } from './manifest.ts';
import { sha256, sha256File } from './sha256.ts';

/**
 * A folder of artefacts, each under the key of what made it. Many processes, and machines that share the folder, may
 * use it at once; an artefact appears whole, by one rename, and is never changed afterwards.
 */
export class RunStore {
  /** Artefacts whose every file this object has checked, or is checking, by folder. */
  readonly #verified = new Map<string, { readonly sha256: string; readonly done: Promise<void> }>();

  private constructor(
    /** Absolute path. */
    readonly root: string,
  ) {}

  /** Opens the store in a folder, which is made, for its owner alone, if it does not exist. */
  static async open(folder: string): Promise<RunStore> {
    const store = new RunStore(resolve(folder));
    await makePrivate(store.root);
    await mkdir(join(store.root, 'artifacts'), { recursive: true });
    const working = join(store.root, 'working');
    await mkdir(working, { recursive: true });
    for (const name of await readdir(working)) {
      if (name.startsWith('discarded-')) await rm(join(working, name), { recursive: true, force: true });
    }
    return store;
  }

  /** Where an artefact lies; nothing is checked. `context.open` and `verify` check. */
  folder(artifact: Pick<Artifact, 'stage' | 'key'>): string {
    return join(this.root, 'artifacts', artifact.stage, artifact.key);
  }

  /** Where a stage runs before its artefact is committed. */
  workingFolder(artifact: Pick<Artifact, 'stage' | 'key'>): string {
    return join(this.root, 'working', `${artifact.stage}-${artifact.key}`);
  }

  /** The artefact under a key, if it is there with all its files in their sizes; their content is not read. */
  async find(stage: string, key: string): Promise<Artifact | undefined> {
    const folder = this.folder({ stage, key });
    try {
      const { value: manifest, text } = await readJson(folder, 'manifest.json', manifestSchema);
      for (const [path, { sizeBytes }] of Object.entries(manifest.files)) await checkSize(folder, path, sizeBytes);
      return { stage, key, sha256: sha256(text), facts: manifest.facts };
    } catch (error) {
      if (error instanceof MissingArtifactError || error instanceof CorruptArtifactError) return undefined;
      throw error;
    }
  }

  /** Every artefact that `find` finds, by stage and key. */
  async list(): Promise<Artifact[]> {
    const artifacts: Artifact[] = [];
    for (const stage of (await readdir(join(this.root, 'artifacts'))).sort()) {
      for (const key of (await readdir(join(this.root, 'artifacts', stage))).sort()) {
        const artifact = await this.find(stage, key);
        if (artifact) artifacts.push(artifact);
      }
    }
    return artifacts;
  }

  /**
   * Checks every file of an artefact against its SHA-256, once in the life of this object, and returns its folder.
   *
   * @throws MissingArtifactError, CorruptArtifactError
   */
  async verify(artifact: Artifact): Promise<string> {
    const folder = this.folder(artifact);
    let verified = this.#verified.get(folder);
    if (verified?.sha256 !== artifact.sha256) {
      verified = { sha256: artifact.sha256, done: verifyFiles(folder, artifact.sha256) };
      this.#verified.set(folder, verified);
      verified.done.catch(() => this.#verified.delete(folder));
    }
    await verified.done;
    return folder;
  }

  /** How the artefact was made: when, for how long, where. */
  async runRecord(artifact: Artifact): Promise<RunRecord> {
    return (await readJson(this.folder(artifact), 'run.json', runRecordSchema)).value;
  }

  /** Removes an artefact, a corrupt one for example, so that its stage makes it anew. Does nothing if it is not there. */
  async drop(artifact: Pick<Artifact, 'stage' | 'key'>): Promise<void> {
    const folder = this.folder(artifact);
    this.#verified.delete(folder);
    await this.discard(folder);
  }

  /** Removes a folder of this store: at once for every reader, by a rename, then from the disk. */
  async discard(folder: string): Promise<void> {
    const discarded = join(this.root, 'working', `discarded-${randomUUID()}`);
    try {
      await rename(folder, discarded);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
      throw error;
    }
    await rm(discarded, { recursive: true, force: true });
  }

  /**
   * Makes what lies in a folder the artefact of `made`: hashes and fsyncs every file, writes `manifest.json` and
   * `run.json`, and renames the folder into place. If another process was faster, its artefact is the one.
   *
   * @throws InvalidStageError if the folder holds one of the reserved files, or something that is not a file
   */
  async commit(folder: string, made: Omit<Manifest, 'files'>, record: RunRecord): Promise<Artifact> {
    const files: Manifest['files'] = {};
    for (const path of await listFiles(folder)) {
      if (reservedFiles.includes(path)) {
        throw new InvalidStageError(`store: stage ${made.stage} wrote ${path}, a name that the store itself uses`);
      }
      await sync(join(folder, path));
      files[path] = { sha256: await sha256File(join(folder, path)), sizeBytes: (await stat(join(folder, path))).size };
    }
    await writeFileAtomic(join(folder, 'run.json'), `${JSON.stringify(record, null, 2)}\n`);
    const text = `${JSON.stringify({ ...made, files }, null, 2)}\n`;
    await writeFileAtomic(join(folder, 'manifest.json'), text);
    for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
      if (entry.isDirectory()) await sync(join(entry.parentPath, entry.name));
    }

    const stageFolder = join(this.root, 'artifacts', made.stage);
    await mkdir(stageFolder, { recursive: true });
    await sync(join(this.root, 'artifacts')); // the name of a new stage folder
    try {
      await rename(folder, this.folder(made));
    } catch (error) {
      const theirs = await this.find(made.stage, made.key);
      if (theirs) return theirs;
      throw error;
    }
    await sync(stageFolder);
    return { stage: made.stage, key: made.key, sha256: sha256(text), facts: made.facts };
  }
}

/** Makes a folder that nobody else can look into: decoys and manifests lie in a store. One that is there stays as it is. */
async function makePrivate(folder: string): Promise<void> {
  await mkdir(dirname(folder), { recursive: true });
  try {
    await mkdir(folder, { mode: 0o700 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

async function verifyFiles(folder: string, expected: string): Promise<void> {
  const { value: manifest, text } = await readJson(folder, 'manifest.json', manifestSchema);
  if (sha256(text) !== expected) {
    throw new CorruptArtifactError(folder, 'manifest.json', `has SHA-256 ${sha256(text)}, expected ${expected}`);
  }
  for (const [path, file] of Object.entries(manifest.files)) {
    await checkSize(folder, path, file.sizeBytes);
    const hash = await sha256File(join(folder, path));
    if (hash !== file.sha256) {
      throw new CorruptArtifactError(folder, path, `has SHA-256 ${hash}, expected ${file.sha256}`);
    }
  }
  const extra = (await listFiles(folder)).find((path) => !(path in manifest.files) && !reservedFiles.includes(path));
  if (extra !== undefined) throw new CorruptArtifactError(folder, extra, 'is not in manifest.json');
}

/** A JSON file that every artefact has, and its text. */
async function readJson<T>(folder: string, path: string, schema: z.ZodType<T>): Promise<{ value: T; text: string }> {
  let text: string;
  try {
    text = await readFile(join(folder, path), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    const isThere = await stat(folder).then(Boolean, () => false);
    throw isThere ? new CorruptArtifactError(folder, path, 'is missing') : new MissingArtifactError(folder);
  }
  try {
    return { value: schema.parse(JSON.parse(text)), text };
  } catch (cause) {
    throw new CorruptArtifactError(folder, path, 'is not the JSON that the store wrote', { cause });
  }
}

async function checkSize(folder: string, path: string, expected: number): Promise<void> {
  const size = await stat(join(folder, path)).then(
    ({ size }) => size,
    () => undefined,
  );
  if (size === undefined) throw new CorruptArtifactError(folder, path, 'is missing');
  if (size !== expected) throw new CorruptArtifactError(folder, path, `has ${size} bytes, expected ${expected}`);
}
