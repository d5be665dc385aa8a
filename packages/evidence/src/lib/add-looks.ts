import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { inTurn, writeFileAtomic } from '@radiotracer/store';
import { commitmentFile, lookFile, manifestFile, readListed, statementFile, sumsFile, sumsText } from './bundle.ts';
import { type Commitment, commitmentText } from './commitment.ts';
import { doesNotHold } from './errors.ts';

/** What all looks of a bundle have in common. */
export interface Release {
  readonly commitment: Commitment;
  /** Bytes of the publication's `private/manifest.json`. */
  readonly manifest: Uint8Array;
}

/** One look at a suspect: the bytes of its `evidence.json` and `verdict.json`. */
export interface NewLook {
  readonly evidence: Uint8Array;
  readonly verdict: Uint8Array;
}

/**
 * Adds looks to the bundle of a release, which is made with the first. A look that is there already, to the byte, is the
 * same look, and is not added again: so a command may be repeated. One that was cut off is made anew.
 *
 * `SHA256SUMS` is written last, and names what belongs to the bundle. Of several commands at once each waits for the one
 * before, by a lock beside the bundle, which is gone at the end.
 *
 * @param folder - made for its owner's eyes alone: the manifest names the marked images
 * @returns the number of each look
 * @throws VerificationError if the bundle there is damaged, or is of another release
 */
export async function addLooks(folder: string, release: Release, looks: readonly NewLook[]): Promise<number[]> {
  const lock = join(dirname(folder), `.${basename(folder)}.lock`);
  return inTurn(lock, () => addToBundle(folder, release, looks));
}

async function addToBundle(
  folder: string,
  { commitment, manifest }: Release,
  looks: readonly NewLook[],
): Promise<number[]> {
  const shared = new Map<string, Uint8Array>([
    [commitmentFile, Buffer.from(commitmentText(commitment))],
    [manifestFile, manifest],
  ]);
  const before = existsSync(join(folder, sumsFile)) ? await readListed(folder) : undefined;
  const files = new Map<string, Uint8Array>(before?.files ?? shared);
  for (const [path, bytes] of shared) {
    if (isSame(files.get(path), bytes)) continue;
    throw doesNotHold(path, `in ${folder} is of another release; a bundle is of one release`);
  }
  let count = before?.looks ?? 0;
  const numbers = looks.map(({ evidence, verdict }) => {
    for (let n = 1; n <= count; n++) {
      if (isSame(files.get(lookFile(n, 'evidence')), evidence)) return n;
    }
    count++;
    files.set(lookFile(count, 'evidence'), evidence);
    files.set(lookFile(count, 'verdict'), verdict);
    return count;
  });

  const added = [...files].filter(([path]) => !before?.files.has(path));
  if (added.length === 0) return numbers;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  for (const [path, bytes] of added) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), bytes, { flush: true });
  }
  await rm(join(folder, statementFile), { force: true }); // it signs the bundle without these looks
  await writeFileAtomic(join(folder, sumsFile), sumsText(files));
  return numbers;
}

function isSame(a: Uint8Array | undefined, b: Uint8Array): boolean {
  return a !== undefined && Buffer.compare(a, b) === 0;
}
