import { randomUUID } from 'node:crypto';
import { mkdir, readFile, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { Artifact } from './artifact.ts';
import { CorruptArtifactError, InvalidStageError, MissingArtifactError, StorageError } from './errors.ts';
import { parseDescription, type Description } from './description.ts';
import { listFiles, reservedFiles, sha256Sums } from './manifest.ts';
import type { Manifest, RunRecord } from './manifest.ts';
import { sha256, sha256File } from './sha256.ts';
import { StageLock } from './stage-lock.ts';
import type { ArtifactName, Claim, Store } from './store.ts';
import { sync, syncTree } from './sync.ts';

/**
 * A folder of artefacts, each under the key of what made it. Many processes, and machines that share the folder, may
 * use it at once; an artefact appears whole, by one rename, and is never changed afterwards.
 */
export class RunStore implements Store {
  /** Artefacts whose every file this object has checked, or is checking, by folder. */
  readonly #verified = new Map<string, { readonly sha256: string; readonly done: Promise<void> }>();

  private constructor(
    /** Absolute path. */
    readonly root: string,
  ) {}

  /**
   * Opens the store in a folder, which is made, for its owner alone, if it does not exist.
   *
   * @throws StorageError if the disk is full or read-only
   */
  static async open(folder: string): Promise<RunStore> {
    const store = new RunStore(resolve(folder));
    try {
      await makePrivate(store.root);
      await mkdir(join(store.root, 'artifacts'), { recursive: true });
      await store.#removeDiscarded();
    } catch (error) {
      throw StorageError.from(error, store.root);
    }
    return store;
  }

  /** What an earlier process was about to remove when it was killed. */
  async #removeDiscarded(): Promise<void> {
    const working = join(this.root, 'working');
    await mkdir(working, { recursive: true });
    for (const name of await readdir(working)) {
      if (name.startsWith('discarded-')) await rm(join(working, name), { recursive: true, force: true });
    }
  }

  /** Where an artefact lies; nothing is checked. `context.open` and `verify` check. */
  folder(artifact: ArtifactName): string {
    return join(this.root, 'artifacts', artifact.stage, artifact.key);
  }

  /** Where a stage runs before its artefact is committed. */
  workingFolder(artifact: ArtifactName): string {
    return join(this.root, 'working', `${artifact.stage}-${artifact.key}`);
  }

  async find(stage: string, key: string): Promise<Artifact | undefined> {
    const folder = this.folder({ stage, key });
    try {
      const { manifest, sha256 } = await readDescription(folder);
      for (const [path, { sizeBytes }] of Object.entries(manifest.files)) await checkSize(folder, path, sizeBytes);
      return { stage, key, sha256, facts: manifest.facts };
    } catch (error) {
      if (error instanceof MissingArtifactError || error instanceof CorruptArtifactError) return undefined;
      throw error;
    }
  }

  async list(): Promise<Artifact[]> {
    const artifacts: Artifact[] = [];
    for (const stage of await foldersIn(join(this.root, 'artifacts'))) {
      for (const key of await foldersIn(join(this.root, 'artifacts', stage))) {
        const artifact = await this.find(stage, key);
        if (artifact) artifacts.push(artifact);
      }
    }
    return artifacts;
  }

  /** As `Store` says; every file is read once in the life of this object. */
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

  async describe(artifact: Artifact): Promise<Description> {
    return readDescription(this.folder(artifact), artifact.sha256);
  }

  async drop(artifact: ArtifactName): Promise<void> {
    const folder = this.folder(artifact);
    this.#verified.delete(folder);
    await this.discard(folder);
  }

  async claim(artifact: ArtifactName, signal: AbortSignal): Promise<Claim> {
    const folder = this.workingFolder(artifact);
    const lock = await StageLock.acquire(folder, signal);
    return {
      folder,
      attempt: lock.attempt,
      lost: lock.lost,
      assertHeld: () => lock.assertHeld(),
      discard: () => this.discard(folder),
      release: () => lock.release(),
    };
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
   * As `Store` says: hashes every file, writes the reserved ones, fsyncs all, and renames the folder into place. What lies
   * there already is removed: the caller holds the lock, and has found that it is damaged.
   */
  async commit(folder: string, made: Omit<Manifest, 'files'>, record: RunRecord, expected?: string): Promise<Artifact> {
    const files: Manifest['files'] = {};
    for (const path of await listFiles(folder)) {
      if (reservedFiles.includes(path)) {
        throw new InvalidStageError(`store: stage ${made.stage} wrote ${path}, a name that the store itself uses`);
      }
      files[path] = { sha256: await sha256File(join(folder, path)), sizeBytes: (await stat(join(folder, path))).size };
    }
    const recordText = `${JSON.stringify(record, null, 2)}\n`;
    const text = `${JSON.stringify({ ...made, files }, null, 2)}\n`;
    const artifact = { stage: made.stage, key: made.key, sha256: sha256(text), facts: made.facts };
    if (expected !== undefined && artifact.sha256 !== expected) {
      const reason = `was made again, and has SHA-256 ${artifact.sha256}, not ${expected}, as on another kind of machine`;
      throw new CorruptArtifactError(this.folder(made), 'manifest.json', reason);
    }
    await writeFile(join(folder, 'run.json'), recordText);
    await writeFile(join(folder, 'manifest.json'), text);
    await writeFile(join(folder, 'SHA256SUMS'), sha256Sums(files, text, recordText));
    await syncTree(folder);

    const stageFolder = join(this.root, 'artifacts', made.stage);
    await mkdir(stageFolder, { recursive: true });
    await sync(join(this.root, 'artifacts')); // the name of a new stage folder
    await this.drop(made);
    await rename(folder, this.folder(made));
    await sync(stageFolder);
    return artifact;
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

/** Names of the folders in a folder, sorted; a file, such as macOS leaves where one looks, is none. */
async function foldersIn(path: string): Promise<string[]> {
  const entries = await readdir(path, { withFileTypes: true });
  return entries.flatMap((entry) => (entry.isDirectory() ? [entry.name] : [])).sort();
}

async function verifyFiles(folder: string, expected: string): Promise<void> {
  const { manifest } = await readDescription(folder, expected);
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

/** Manifest and run record of an artefact, checked. */
async function readDescription(folder: string, expected?: string): Promise<Description> {
  const manifest = await readText(folder, 'manifest.json');
  const texts = { manifest, record: await readText(folder, 'run.json'), sums: await readText(folder, 'SHA256SUMS') };
  return parseDescription(folder, texts, expected);
}

/** A file that every artefact has. */
async function readText(folder: string, path: string): Promise<string> {
  try {
    return await readFile(join(folder, path), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    const isThere = await stat(folder).then(Boolean, () => false);
    throw isThere ? new CorruptArtifactError(folder, path, 'is missing') : new MissingArtifactError(folder);
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
