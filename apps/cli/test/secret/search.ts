import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Bytes that must appear nowhere, by what they are. */
export type Needles = ReadonlyMap<string, Buffer>;

/**
 * A key in every form in which it might be written. Each half is looked for by itself, as a database may break what it
 * holds from one page to another.
 */
export function needlesOf(key: Buffer): Needles {
  const needles = new Map<string, Buffer>();
  for (const [half, bytes] of Object.entries({ first: key.subarray(0, 16), second: key.subarray(16) })) {
    const hex = bytes.toString('hex');
    needles.set(`${half} half, raw`, bytes);
    for (const text of [hex, hex.toUpperCase()]) {
      needles.set(`${half} half, hex ${text}`, Buffer.from(text));
      for (const form of base64(Buffer.from(text)))
        needles.set(`${half} half, base64 of hex ${form}`, Buffer.from(form));
    }
    for (const form of base64(bytes)) needles.set(`${half} half, base64 ${form}`, Buffer.from(form));
  }
  return needles;
}

/** What bytes look like in base64 and base64url, wherever in a longer text they begin. */
function base64(bytes: Buffer): string[] {
  return [0, 1, 2].flatMap((before) => {
    const padded = Buffer.concat([Buffer.alloc(before), bytes]);
    // Of the first and last characters some bits are the neighbours'.
    const [from, to] = [Math.ceil((before * 8) / 6), Math.floor((padded.length * 8) / 6)];
    return [
      ...new Set((['base64', 'base64url'] as const).map((encoding) => padded.toString(encoding).slice(from, to))),
    ];
  });
}

/** Names of the needles that bytes hold. */
export function search(bytes: Buffer, needles: Needles): string[] {
  return [...needles].filter(([, needle]) => bytes.includes(needle)).map(([name]) => name);
}

/** Where below a folder a needle is, in names and contents of files, but for one file. */
export async function searchFiles(folder: string, needles: Needles, but?: string): Promise<string[]> {
  const found: string[] = [];
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (path === but) continue;
    // What is removed meanwhile cannot be searched.
    const content = entry.isFile() ? await readFile(path).catch(() => Buffer.alloc(0)) : Buffer.alloc(0);
    for (const name of search(Buffer.concat([Buffer.from(`${path}\0`), content]), needles))
      found.push(`${path}: ${name}`);
  }
  return found;
}

/** Which processes of this machine, that may be looked at, have a needle in their command line or environment. */
export async function searchProcesses(needles: Needles): Promise<string[]> {
  const found: string[] = [];
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    for (const file of ['cmdline', 'environ']) {
      const content = await readFile(`/proc/${pid}/${file}`).catch(() => Buffer.alloc(0));
      for (const name of search(content, needles)) found.push(`process ${pid}, ${file}: ${name}`);
    }
  }
  return found;
}

/** All texts and bytes that a value holds, such as a history, one after the other. */
export function contentOf(value: unknown): Buffer {
  if (typeof value === 'string') return Buffer.from(`${value}\0`);
  if (value instanceof Uint8Array) return Buffer.concat([value, Buffer.from('\0')]);
  if (typeof value !== 'object' || value === null) return Buffer.alloc(0);
  return Buffer.concat(Object.entries(value).flatMap(([name, inner]) => [Buffer.from(`${name}\0`), contentOf(inner)]));
}
