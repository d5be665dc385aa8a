import { constants, copyFile, link } from 'node:fs/promises';

/**
 * Puts a file that is never changed into another folder: links it, or copies it where the file system cannot link.
 *
 * @throws Error with the code EEXIST if it would take the place of another file
 */
export async function linkOrCopy(from: string, to: string): Promise<void> {
  await link(from, to).catch(() => copyFile(from, to, constants.COPYFILE_EXCL));
}
