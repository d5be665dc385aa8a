import { readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { sha256 } from '@radiotracer/store';
import { doesNotHold } from './errors.ts';

/*
 * A bundle is a folder:
 *
 *   SHA256SUMS              of every other file, in the format of `sha256sum --check`
 *   commitment.json         what was made public before the release
 *   private-manifest.json   `private/manifest.json` of the publication: marked rows, draws, hashes of all versions
 *   looks/<n>/evidence.json, looks/<n>/verdict.json   the n-th look at a suspect, from 1
 *   statement.dsse.json     signed; not in SHA256SUMS, whose digest it signs
 */
export const sumsFile = 'SHA256SUMS';
export const statementFile = 'statement.dsse.json';
export const commitmentFile = 'commitment.json';
export const manifestFile = 'private-manifest.json';

/** Path of a file of the n-th look in a bundle. */
export function lookFile(number: number, file: 'evidence' | 'verdict'): string {
  return `looks/${number}/${file}.json`;
}

export interface Bundle {
  readonly folder: string;
  /** Of `SHA256SUMS`, and so of the whole bundle. */
  readonly sumsSha256: string;
  /** By path; without `SHA256SUMS` and the statement. */
  readonly files: ReadonlyMap<string, Buffer>;
  /** How many looks there are. */
  readonly looks: number;
}

/**
 * Reads a bundle whole, and checks that every file is what `SHA256SUMS` says, that none is missing and none is new.
 *
 * @throws VerificationError naming the file
 */
export async function readBundle(folder: string): Promise<Bundle> {
  const bundle = await readListed(folder);
  const strange = (await listFiles(folder)).find((path) => !bundle.files.has(path));
  if (strange !== undefined) throw doesNotHold(strange, `is not in ${sumsFile}; a bundle holds nothing else`);
  return bundle;
}

/** The same, but files that `SHA256SUMS` does not name, such as those of a look that was cut off, are passed over. */
export async function readListed(folder: string): Promise<Bundle> {
  const sums = await read(folder, sumsFile);
  const files = new Map<string, Buffer>();
  for (const [path, expected] of parseSums(sums.toString('utf8'))) {
    const bytes = await read(folder, path);
    const found = sha256(bytes);
    if (found !== expected) {
      throw doesNotHold(path, `was changed: its SHA-256 is ${found}, ${sumsFile} has ${expected}`);
    }
    files.set(path, bytes);
  }
  let looks = 0;
  while (files.has(lookFile(looks + 1, 'evidence'))) looks++;
  checkPaths(files, looks);
  return { folder, sumsSha256: sha256(sums), files, looks };
}

/** The text of `SHA256SUMS`. */
export function sumsText(files: ReadonlyMap<string, Uint8Array>): string {
  return [...files.keys()]
    .sort()
    .map((path) => `${sha256(files.get(path) as Uint8Array)}  ${path}\n`)
    .join('');
}

function parseSums(text: string): [path: string, sha256: string][] {
  const lines = text.split('\n');
  const end = lines.pop();
  const entries = lines.map((line, i): [string, string] => {
    const [, sum, path] = /^([0-9a-f]{64}) {2}((?:[\w-]+\/)*[\w-]+\.json)$/.exec(line) ?? [];
    if (sum !== undefined && path !== undefined) return [path, sum];
    throw doesNotHold(sumsFile, `line ${i + 1} is "${line}"; expected 64 hex digits, two spaces and a path`);
  });
  const paths = entries.map(([path]) => path);
  if (end === '' && paths.join('\n') === [...new Set(paths)].sort().join('\n')) return entries;
  throw doesNotHold(sumsFile, 'was changed: expected each file once, sorted, and a line feed at the end');
}

function checkPaths(files: ReadonlyMap<string, Buffer>, looks: number): void {
  const expected = [commitmentFile, manifestFile];
  for (let n = 1; n <= looks; n++) expected.push(lookFile(n, 'evidence'), lookFile(n, 'verdict'));
  const missing = expected.find((path) => !files.has(path));
  if (missing !== undefined) throw doesNotHold(sumsFile, `lacks ${missing}`);
  const strange = [...files.keys()].find((path) => !expected.includes(path));
  if (strange !== undefined) {
    throw doesNotHold(sumsFile, `names ${strange}, which is no file of a bundle of ${looks} looks numbered from 1`);
  }
}

async function read(folder: string, path: string): Promise<Buffer> {
  return readFile(join(folder, path)).catch((cause: NodeJS.ErrnoException) => {
    throw doesNotHold(
      path,
      `cannot be read in ${folder} (${cause.code}); expected a whole bundle, such as the evidence/ that detect or experiment leaves`,
      { cause },
    );
  });
}

/** Everything in the folder but `SHA256SUMS` and the statement. */
async function listFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .filter((path) => path !== sumsFile && path !== statementFile);
}
