import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { SetupError } from './setup-error.mjs';

/**
 * @param {string} file - removed if it is not the pinned one, so that the next run fetches it afresh
 * @param {string} sha256
 * @throws SetupError
 */
export async function verifyFile(file, sha256) {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  const found = hash.digest('hex');
  if (found === sha256) return;
  await rm(file);
  throw new SetupError(
    `${file} has SHA-256 ${found} instead of ${sha256}: damaged or tampered with.\nIt has been removed; run this again to fetch it afresh.`,
  );
}
