import { readSealed, writeSealed } from './sealed-file.ts';

/**
 * What an earlier attempt at a stage made and kept, or else what `make` makes now, which is kept.
 *
 * @param path - in the scratch folder, which must exist
 */
export async function remember(path: string, make: () => Promise<Uint8Array>): Promise<Uint8Array> {
  const kept = await readSealed(path);
  if (kept) return kept;
  const made = await make();
  await writeSealed(path, made);
  return made;
}
