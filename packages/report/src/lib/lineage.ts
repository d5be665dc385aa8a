import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Artifact, isArtifact, type Manifest, type RunRecord, type StageContext } from '@radiotracer/store';

/** What the store knows of an artefact: what made it, what it consists of, and how the run went. */
export interface Origin {
  readonly artifact: Artifact;
  readonly manifest: Manifest;
  readonly run: RunRecord;
}

/**
 * The artefacts given and everything they were made from, each once, inputs before what was made of them.
 *
 * @param open - checks an artefact and returns its folder, see `StageContext`
 */
export async function readLineage(artifacts: readonly Artifact[], open: StageContext['open']): Promise<Origin[]> {
  const origins = new Map<string, Origin>();
  for (const artifact of artifacts) await visit(artifact);
  return [...origins.values()];

  async function visit(artifact: Artifact): Promise<void> {
    if (origins.has(artifact.key)) return;
    const folder = await open(artifact);
    const manifest = await readJson<Manifest>(join(folder, 'manifest.json'));
    const run = await readJson<RunRecord>(join(folder, 'run.json'));
    for (const { value } of leaves(manifest.input)) if (isArtifact(value)) await visit(value);
    origins.set(artifact.key, { artifact, manifest, run });
  }
}

/** Every value in a JSON value that is neither array nor object, or is an artefact, with its path such as `a.b[0]`. */
export function leaves(value: unknown, path = ''): { path: string; value: unknown }[] {
  if (typeof value !== 'object' || value === null || isArtifact(value)) return [{ path, value }];
  if (Array.isArray(value)) return value.flatMap((item, i) => leaves(item, `${path}[${i}]`));
  return Object.entries(value).flatMap(([name, item]) => leaves(item, path === '' ? name : `${path}.${name}`));
}

async function readJson<T>(file: string): Promise<T> {
  return JSON.parse(await readFile(file, 'utf8')) as T;
}
