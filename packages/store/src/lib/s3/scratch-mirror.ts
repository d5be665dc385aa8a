import { readdir, rm, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { keptNames } from '../store.ts';
import type { Bucket } from './bucket.ts';

/**
 * Keeps a copy of what a working folder keeps (`keptNames`) in a bucket, so that another machine can go on from it.
 *
 * Files there are written aside and renamed (`writeFileAtomic`, `makePart`), so each is whole at any time; files and
 * folders whose names begin with a dot are such that are being written. They are sent in the order in which they were
 * written, one after the other: what the bucket holds is what a crash at some moment would have left.
 */
export class ScratchMirror {
  /** What each file was when it was last sent or fetched, by its path below the folder. */
  #mirrored = new Map<string, string>();

  constructor(
    private readonly bucket: Bucket,
    /** Ends with `/`. */
    private readonly prefix: string,
    private readonly folder: string,
  ) {}

  /** Makes the folder keep what the bucket has. */
  async fetch(): Promise<void> {
    for (const name of keptNames) await rm(join(this.folder, name), { recursive: true, force: true });
    const paths = [...(await this.bucket.sizes(this.prefix)).keys()].filter(isKept);
    for (const path of paths) await this.bucket.download(this.prefix + path, join(this.folder, path));
    this.#mirrored = new Map((await this.#files()).map(({ path, stamp }) => [path, stamp]));
  }

  /** Sends what has changed since the last call, and removes what has gone. */
  async send(signal: AbortSignal): Promise<void> {
    const files = await this.#files();
    for (const { path, stamp } of files) {
      if (this.#mirrored.get(path) === stamp) continue;
      signal.throwIfAborted();
      await this.bucket.upload(this.prefix + path, join(this.folder, path), signal);
      this.#mirrored.set(path, stamp); // of before: a file that was replaced meanwhile is sent again
    }
    const there = new Set(files.map(({ path }) => path));
    const gone = [...this.#mirrored.keys()].filter((path) => !there.has(path));
    if (gone.length === 0) return;
    signal.throwIfAborted();
    await this.bucket.remove(gone.map((path) => this.prefix + path));
    for (const path of gone) this.#mirrored.delete(path);
  }

  /** The files that are whole, oldest first, each with what changes when it is written again. */
  async #files(): Promise<{ readonly path: string; readonly stamp: string }[]> {
    const files: { path: string; stamp: string; writtenNs: bigint }[] = [];
    for (const entry of await readdir(this.folder, { recursive: true, withFileTypes: true })) {
      const place = join(entry.parentPath, entry.name);
      const path = relative(this.folder, place).split(sep).join('/');
      if (!entry.isFile() || !isKept(path) || path.split('/').some((part) => part.startsWith('.'))) continue;
      const found = await stat(place, { bigint: true }).catch(() => undefined); // it may go at any time
      if (!found) continue;
      files.push({ path, stamp: `${found.ino} ${found.mtimeNs} ${found.size}`, writtenNs: found.mtimeNs });
    }
    return files.sort((a, b) => Number(a.writtenNs - b.writtenNs));
  }
}

function isKept(path: string): boolean {
  return keptNames.some((name) => path === name || path.startsWith(`${name}/`));
}
