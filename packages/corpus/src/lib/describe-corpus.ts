import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { CorpusNotFoundError } from './errors.ts';
import { layouts } from './layouts.ts';
import { listFiles } from './list-files.ts';
import type { Corpus, CorpusLayout } from './types.ts';

/**
 * Recognises the corpus in a folder, checks that its files are all there and well formed, and computes its digest.
 * Rows are not looked at.
 *
 * The digest is the SHA-256 over lines `<hex SHA-256 of the content>  <name>\n`, sorted by name.
 *
 * @throws CorpusNotFoundError if there is none (lists what would be valid), or a link leaves the folder
 * @throws CorpusError if a file is missing, cut off, or has other columns than a corpus needs
 */
export async function describeCorpus(dir: string): Promise<Corpus> {
  const root = await realpath(dir).catch(() => {
    throw new CorpusNotFoundError(dir, 'does not exist');
  });
  const files = await listFiles(root);
  for (const [name, layout] of Object.entries(layouts) as [CorpusLayout, (typeof layouts)[CorpusLayout]][]) {
    const found = await layout.find(root, files);
    if (!found) continue;
    const { splits, classNames, otherFiles } = found;
    const digest = await digestOf(root, [...Object.values(splits).flatMap((split) => split.files), ...otherFiles]);
    return { dir: root, layout: name, splits, classNames, otherFiles, digest };
  }
  const valid = Object.values(layouts).map(({ expected }) => `  - ${expected}`);
  throw new CorpusNotFoundError(
    dir,
    `holds no corpus (${files.length} files). One of these would be valid:\n${valid.join('\n')}`,
  );
}

async function digestOf(root: string, names: readonly string[]): Promise<string> {
  const digest = createHash('sha256');
  for (const name of [...names].sort()) {
    const content = createHash('sha256');
    await pipeline(createReadStream(join(root, name)), content);
    digest.update(`${content.digest('hex')}  ${name}\n`);
  }
  return digest.digest('hex');
}
