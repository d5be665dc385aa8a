import { mkdir, readFile, rename, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Artifact } from '../artifact.ts';
import { CorruptArtifactError, MissingArtifactError } from '../errors.ts';
import { parseDescription, type Description } from '../description.ts';
import type { Manifest, RunRecord } from '../manifest.ts';
import { RunStore } from '../run-store.ts';
import { sha256 } from '../sha256.ts';
import { StageLock } from '../stage-lock.ts';
import type { ArtifactName, Claim, Store } from '../store.ts';
import { Bucket } from './bucket.ts';
import { inParallel } from '../in-parallel.ts';
import { KeeperThread } from './keeper-thread.ts';
import { parseS3Location, s3CacheFolder, type S3Location } from './location.ts';

/** Files of one artefact that are sent or fetched at once. */
const TRANSFERS = 8;

/**
 * Artefacts in a bucket, worked with in a cache: a folder store of this machine. What the bucket has is what there is;
 * the cache saves fetching it again, and is where stages run.
 *
 *     artifacts/<stage>/<key>/manifest.json              makes the artefact exist: written last, and only once
 *     artifacts/<stage>/<key>/<SHA-256 of the manifest>/  the files, run.json, SHA256SUMS
 *     working/<stage>-<key>/                              lock, and what is kept for the next attempt
 *
 * Files lie under the hash of their manifest so that an owner who was taken for dead, and sends on, cannot write into
 * the artefact of the next one.
 */
export class S3Store implements Store {
  private constructor(
    private readonly location: S3Location,
    private readonly bucket: Bucket,
    private readonly cache: RunStore,
  ) {}

  /**
   * @param url - `s3://bucket/path`
   * @param cache - folder of this machine, shared by its processes; each store has a folder of its own in it
   */
  static async open(url: string, cache: string): Promise<S3Store> {
    const location = parseS3Location(url);
    return new S3Store(location, await Bucket.open(location), await RunStore.open(s3CacheFolder(url, cache)));
  }

  get root(): string {
    return this.cache.root;
  }

  async find(stage: string, key: string): Promise<Artifact | undefined> {
    try {
      const { manifest, sha256 } = await this.#describe({ stage, key });
      const artifact = { stage, key, sha256, facts: manifest.facts };
      const sizes = await this.bucket.sizes(filesPath(artifact));
      const isWhole = Object.entries(manifest.files).every(([path, { sizeBytes }]) => sizes.get(path) === sizeBytes);
      return isWhole ? artifact : undefined;
    } catch (error) {
      if (error instanceof MissingArtifactError || error instanceof CorruptArtifactError) return undefined;
      throw error;
    }
  }

  async list(): Promise<Artifact[]> {
    const artifacts: Artifact[] = [];
    for (const stage of await this.bucket.folders('artifacts/')) {
      for (const key of await this.bucket.folders(`artifacts/${stage}/`)) {
        const artifact = await this.find(stage, key);
        if (artifact) artifacts.push(artifact);
      }
    }
    return artifacts;
  }

  async verify(artifact: Artifact): Promise<string> {
    const cached = await this.#verifyCached(artifact);
    if (cached !== undefined) return cached;
    await this.#fetch(artifact);
    // What was taken up from a fetch that was cut off may have been damaged here; fetched anew, it tells of the bucket.
    if ((await this.#verifyCached(artifact)) === undefined) await this.#fetch(artifact);
    try {
      return await this.cache.verify(artifact);
    } catch (error) {
      if (!(error instanceof CorruptArtifactError)) throw error;
      await this.cache.drop(artifact);
      throw new CorruptArtifactError(this.#url(artifact), error.file, error.reason);
    }
  }

  async describe(artifact: Artifact): Promise<Description> {
    return this.#describe(artifact, artifact.sha256);
  }

  async drop(artifact: ArtifactName): Promise<void> {
    const path = artifactPath(artifact);
    await this.bucket.remove([manifestPath(artifact)]); // first: without it there is no artefact
    await this.#removeAll(path);
    await this.cache.drop(artifact);
  }

  async claim(artifact: ArtifactName, signal: AbortSignal): Promise<Claim> {
    const local = await this.cache.claim(artifact, signal); // one process of this machine at a time
    const claim = await this.#claimInBucket(artifact, local, signal).catch(async (error: unknown) => {
      await local.release();
      throw error;
    });
    try {
      await this.#sendCached(artifact);
      return claim;
    } catch (error) {
      await claim.release();
      throw error;
    }
  }

  async commit(folder: string, made: Omit<Manifest, 'files'>, record: RunRecord, expected?: string): Promise<Artifact> {
    return this.#send(await this.cache.commit(folder, made, record, expected));
  }

  async #claimInBucket({ stage, key }: ArtifactName, local: Claim, signal: AbortSignal): Promise<Claim> {
    const working = `working/${stage}-${key}/`;
    const data = { location: this.location, working, folder: local.folder };
    const { keeper, attempt } = await KeeperThread.start(data, this.bucket.url(`${working}lock`), signal);
    let isKept = true;
    const end = async (how: 'release' | 'discard'): Promise<void> => {
      if (!isKept) return;
      isKept = false;
      await keeper.end(how);
    };
    return {
      folder: local.folder,
      attempt,
      lost: AbortSignal.any([local.lost, keeper.lost]),
      assertHeld: async () => {
        await local.assertHeld();
        await keeper.assertHeld();
      },
      discard: async () => {
        await end('discard');
        await this.#removeAll(working);
        await local.discard();
      },
      release: async () => {
        await end('release').finally(() => local.release());
      },
    };
  }

  /** Sends what an earlier attempt on this machine made, but could not send. */
  async #sendCached({ stage, key }: ArtifactName): Promise<void> {
    const cached = await this.cache.find(stage, key);
    if (!cached || (await this.find(stage, key)) || (await this.#verifyCached(cached)) === undefined) return;
    await this.#send(cached);
  }

  async #send(artifact: Artifact): Promise<Artifact> {
    const folder = this.cache.folder(artifact);
    const { manifest } = await this.cache.describe(artifact);
    await inParallel(TRANSFERS, [...Object.keys(manifest.files), 'run.json', 'SHA256SUMS'], (path) =>
      this.bucket.upload(filesPath(artifact) + path, join(folder, path)),
    );
    const text = await readFile(join(folder, 'manifest.json'), 'utf8');
    if ((await this.bucket.put(manifestPath(artifact), text, 'absent')) !== undefined) return artifact;
    const theirs = await this.find(artifact.stage, artifact.key);
    if (!theirs) await this.bucket.put(manifestPath(artifact), text); // theirs is damaged, or lacks files
    if (theirs && theirs.sha256 !== artifact.sha256) await this.cache.drop(artifact);
    return theirs ?? artifact;
  }

  /** The folder of what the cache has of an artefact, if that is whole. */
  async #verifyCached(artifact: Artifact): Promise<string | undefined> {
    try {
      return await this.cache.verify(artifact);
    } catch (error) {
      if (error instanceof CorruptArtifactError) await this.cache.drop(artifact);
      else if (!(error instanceof MissingArtifactError)) throw error;
      return undefined;
    }
  }

  /** Fetches an artefact into the cache. Processes of this machine wait for each other; what was cut off is taken up. */
  async #fetch(artifact: Artifact): Promise<void> {
    const working = this.cache.workingFolder({ stage: `fetch-${artifact.stage}`, key: artifact.key });
    const lock = await StageLock.acquire(working, new AbortController().signal);
    try {
      if (await this.cache.find(artifact.stage, artifact.key)) return;
      const { manifest } = await this.describe(artifact);
      const folder = join(working, artifact.sha256);
      const fetchFile = async (path: string, key: string, sizeBytes?: number): Promise<void> => {
        const place = join(folder, path);
        if (sizeBytes !== undefined && (await sizeOf(place)) === sizeBytes) return;
        const isThere = await this.bucket.download(key, `${place}.part`);
        if (!isThere) throw new CorruptArtifactError(this.#url(artifact), path, 'is missing');
        await rename(`${place}.part`, place);
      };
      await inParallel(TRANSFERS, Object.entries(manifest.files), ([path, { sizeBytes }]) =>
        fetchFile(path, filesPath(artifact) + path, sizeBytes),
      );
      for (const path of ['run.json', 'SHA256SUMS']) await fetchFile(path, filesPath(artifact) + path);
      await fetchFile('manifest.json', manifestPath(artifact));
      await mkdir(dirname(this.cache.folder(artifact)), { recursive: true });
      await rename(folder, this.cache.folder(artifact));
      await this.cache.discard(working);
    } finally {
      await lock.release();
    }
  }

  async #describe(artifact: ArtifactName, expected?: string): Promise<Description> {
    const url = this.#url(artifact);
    const manifest = (await this.bucket.get(manifestPath(artifact)))?.text;
    if (manifest === undefined) throw new MissingArtifactError(url);
    const path = `${artifactPath(artifact)}${sha256(manifest)}/`;
    const texts = await Promise.all(['run.json', 'SHA256SUMS'].map((name) => this.bucket.get(path + name)));
    const [record, sums] = texts.map((found) => found?.text);
    if (record === undefined || sums === undefined) {
      throw new CorruptArtifactError(url, 'manifest.json', `has no files: its SHA-256 is ${sha256(manifest)}`);
    }
    return parseDescription(url, { manifest, record, sums }, expected);
  }

  async #removeAll(path: string): Promise<void> {
    const names = [...(await this.bucket.sizes(path)).keys()];
    await this.bucket.remove(names.map((name) => path + name));
  }

  #url(artifact: ArtifactName): string {
    return this.bucket.url(artifactPath(artifact));
  }
}

const artifactPath = ({ stage, key }: ArtifactName): string => `artifacts/${stage}/${key}/`;
const manifestPath = (artifact: ArtifactName): string => `${artifactPath(artifact)}manifest.json`;
const filesPath = (artifact: Artifact): string => `${artifactPath(artifact)}${artifact.sha256}/`;

async function sizeOf(path: string): Promise<number | undefined> {
  return stat(path).then(
    ({ size }) => size,
    () => undefined,
  );
}
