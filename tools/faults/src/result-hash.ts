import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { canonicalJson, RunStore, sha256 } from '@radiotracer/store';

/**
 * SHA-256 over the hashes of all artefacts in a store and over all files in the folder of the result. Left out is what
 * tells when, how fast and at which attempt a stage ran: the report has that, so of its artefact only the files count,
 * as they were copied into the folder, without those columns.
 */
export async function resultHash(store: string, out: string): Promise<string> {
  const artifacts = (await (await RunStore.open(store)).list())
    .filter(({ stage }) => stage !== 'writeReport')
    .map(({ stage, key, sha256 }) => ({ stage, key, sha256 }));
  const files: Record<string, string> = {};
  const entries = await readdir(out, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  for (const path of paths.sort()) {
    const name = relative(out, path);
    files[name] = sha256(withoutTimes(name, await readFile(path, 'utf8')));
  }
  return sha256(canonicalJson({ artifacts, files }, 'result'));
}

/** The files of a result as they are in every run. */
function withoutTimes(name: string, text: string): string {
  switch (name) {
    case 'summary.json':
      return dropped(text, 'run');
    case 'result.json':
      return text.replace(/("stage": "writeReport",\s+"key": "\w+",\s+"sha256": ")\w+/, '$1');
    case 'report.html':
      return text
        .replace(/stages, [^<]*? of computing in all/, '')
        .replace(/<td>[^<]*<\/td>\s*<td>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d<\/td>\s*<td>\d+<\/td>/g, '');
    default:
      return text;
  }
}

/** JSON without the fields of a name. */
function dropped(json: string, field: string): string {
  return JSON.stringify(JSON.parse(json), (name, value: unknown) => (name === field ? undefined : value));
}
