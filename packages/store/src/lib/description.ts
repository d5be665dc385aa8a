import type { z } from 'zod';
import { CorruptArtifactError } from './errors.ts';
import { manifestSchema, runRecordSchema, sha256Sums, type Manifest, type RunRecord } from './manifest.ts';
import { sha256 } from './sha256.ts';

/** What made an artefact, what it consists of, and when and where it was made. */
export interface Description {
  readonly manifest: Manifest;
  readonly record: RunRecord;
  /** Hex SHA-256 of `manifest.json`: the artefact's. */
  readonly sha256: string;
}

/**
 * Manifest and run record of an artefact, after they were checked against each other and against its SHA-256.
 *
 * @param place - where the artefact lies, for the error
 * @param texts - its files `manifest.json`, `run.json` and `SHA256SUMS`
 * @param expected - hex SHA-256 of the artefact, if there is a reference to it
 * @throws CorruptArtifactError
 */
export function parseDescription(
  place: string,
  texts: { readonly manifest: string; readonly record: string; readonly sums: string },
  expected?: string,
): Description {
  const hash = sha256(texts.manifest);
  if (expected !== undefined && hash !== expected) {
    throw new CorruptArtifactError(place, 'manifest.json', `has SHA-256 ${hash}, expected ${expected}`);
  }
  const manifest = parse(place, 'manifest.json', texts.manifest, manifestSchema);
  const record = parse(place, 'run.json', texts.record, runRecordSchema);
  if (texts.sums !== sha256Sums(manifest.files, texts.manifest, texts.record)) {
    const reason = 'is not the one of manifest.json and run.json: one of the three is damaged';
    throw new CorruptArtifactError(place, 'SHA256SUMS', reason);
  }
  return { manifest, record, sha256: hash };
}

function parse<T>(place: string, file: string, text: string, schema: z.ZodType<T>): T {
  try {
    return schema.parse(JSON.parse(text));
  } catch (cause) {
    throw new CorruptArtifactError(place, file, 'is not the JSON that the store wrote', { cause });
  }
}
