import { randomBytes, randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { link, open, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { KeyFileError } from './errors.ts';
import { KEY_BYTES, MarkingKey } from './marking-key.ts';

/*
 * A key file is ASCII text of three lines, each ended by one line feed:
 *
 *   radiotracer-key-v1
 *   key <64 hex digits, lower case: the secret>
 *   id <64 hex digits, lower case: the key id, so that a damaged key is noticed>
 */
const FORMAT = /^radiotracer-key-v1\nkey ([0-9a-f]{64})\nid ([0-9a-f]{64})\n$/;
const FILE_BYTES = 156;

/**
 * Makes a key from the system's random generator and writes it to a new file of mode 0600. The file appears whole, by
 * one link, after it was fsynced.
 *
 * @throws KeyFileError if there is a file at `path`: a key is never overwritten; or if none can be written there
 */
export async function generateKey(path: string): Promise<MarkingKey> {
  const bytes = randomBytes(KEY_BYTES);
  const key = new MarkingKey(bytes);
  const aside = join(dirname(path), `.${basename(path)}.${randomUUID()}`);
  try {
    const file = await open(aside, 'wx', 0o600);
    try {
      await file.writeFile(`radiotracer-key-v1\nkey ${bytes.toString('hex')}\nid ${key.keyId}\n`);
      await file.sync();
      await link(aside, path);
    } finally {
      await file.close();
      await rm(aside, { force: true });
    }
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code !== 'EEXIST') {
      throw new KeyFileError(path, `cannot be written (${code}); choose a folder that you may write to`, { cause });
    }
    if ((await stat(path).catch(() => undefined))?.isDirectory()) {
      throw new KeyFileError(path, 'is a folder; name a file in it that does not exist yet', { cause });
    }
    throw new KeyFileError(
      path,
      'exists, and a key is never overwritten: what was marked with it can be tested with no other. ' +
        'Choose another path, or move the old key to a safe place first',
      { cause },
    );
  } finally {
    bytes.fill(0);
  }
  const folder = await open(dirname(path), 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
  return key;
}

/**
 * Reads a key file that `generateKey` wrote.
 *
 * @throws KeyFileError if there is none, if others than its owner may read or write it, or if it is not a whole key file
 */
export async function readKey(path: string): Promise<MarkingKey> {
  const text = await readPrivately(path);
  const [, secret, id] = FORMAT.exec(text) ?? [];
  if (secret === undefined) {
    const found = text.length > FILE_BYTES ? `more than ${FILE_BYTES}` : text.length;
    throw new KeyFileError(
      path,
      `is not a key file of version 1: it has ${found} bytes, valid are ${FILE_BYTES} that start with ` +
        '"radiotracer-key-v1"; restore it from a backup',
    );
  }
  const key = new MarkingKey(Buffer.from(secret, 'hex'));
  if (key.keyId !== id) {
    throw new KeyFileError(path, 'is damaged: its key does not have the id it names; restore it from a backup');
  }
  return key;
}

async function readPrivately(path: string): Promise<string> {
  try {
    const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK); // a pipe is not waited for
    try {
      const stats = await file.stat();
      if (!stats.isFile()) throw new KeyFileError(path, 'is not a file; give the path of a key');
      const { mode } = stats;
      if ((mode & 0o077) !== 0) {
        const octal = (mode & 0o777).toString(8).padStart(4, '0');
        throw new KeyFileError(path, `is open to others than its owner (mode ${octal}); run: chmod 600 '${path}'`);
      }
      const buffer = Buffer.alloc(FILE_BYTES + 1);
      const { bytesRead } = await file.read(buffer, 0, buffer.length, 0);
      return buffer.toString('latin1', 0, bytesRead);
    } finally {
      await file.close();
    }
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'EACCES') throw new KeyFileError(path, 'may not be read by this user; ask its owner', { cause });
    if (code !== 'ENOENT' && code !== 'ENOTDIR') {
      throw cause instanceof KeyFileError ? cause : new KeyFileError(path, `cannot be read (${code})`, { cause });
    }
    throw new KeyFileError(path, 'does not exist; give the path of the key, as no other can take its place', { cause });
  }
}
