import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { commitmentFile, type Plan, plannedTest } from '@radiotracer/evidence';
import { carryOut, type RunOptions } from '../carry-out.ts';
import { requireServer } from '../connect.ts';
import { UsageError } from '../errors.ts';
import { findSuspect, requireOneSuspect, type SuspectOptions } from '../find-suspect.ts';
import { openPublication } from '../open-publication.ts';
import { checkPlaces } from '../places.ts';
import { progressView } from '../progress-view.ts';
import { readCommitment } from '../read-commitment.ts';
import { resolveSettings } from '../resolve-settings.ts';
import { settingsLayers, type SettingsOptions } from '../settings-options.ts';
import { storeOf } from '../store-place.ts';

export interface DetectOptions extends RunOptions, SuspectOptions, Pick<SettingsOptions, 'config' | 'set'> {
  readonly publication: string;
  readonly key: string;
}

/**
 * Judges whether a model was trained on a publication, and leaves a report.
 *
 * @throws VerificationError if the publication is not what was committed to with this key
 */
export async function detectCommand(options: DetectOptions): Promise<void> {
  requireOneSuspect(options);
  const { test, level, looks, note } = await planOf(options);
  await checkPlaces(options);
  const store = storeOf(options);
  await requireServer(options);
  const { store: artifacts, key, marked } = await openPublication(store, options);
  const { model, title, locations, assumed } = await findSuspect(artifacts, options, marked.train.facts);
  // Are they there? Those of their files that are damaged are made again where they are read.
  for (const artifact of Object.values(marked)) await artifacts.describe(artifact);
  const input = {
    store,
    locations: { key: resolve(options.key), publication: resolve(options.publication), ...locations },
    keyId: key.keyId,
    marked,
    models: [model],
    log10Level: Math.log10(level),
    ...(test === 'anytime' && { anytime: { looks } }),
    title,
  };
  const notes = [note, assumed].filter((text) => text !== undefined).join('\n');
  await carryOut({ name: 'detect', input, ...(notes && { note: notes }) }, progressView(options), options);
}

/** Test, level and looks that were committed to before the release; or else those of the settings, and one look. */
async function planOf(options: DetectOptions): Promise<Plan & { readonly note?: string }> {
  const layers = await settingsLayers(options, ['level', 'test']);
  const path = join(options.publication, commitmentFile);
  if (!existsSync(path)) {
    const { test, level } = resolveSettings(layers);
    const note = `no evidence will be left for others to check: there is no ${path} ("radiotracer commit")`;
    return { test, level, looks: 1, note };
  }
  const commitment = await readCommitment(path);
  const { level, looks } = commitment.plan;
  const planned = { level, test: plannedTest(commitment) };
  const set = resolveSettings([{ origin: path, values: planned }, ...layers]);
  for (const field of ['level', 'test'] as const) {
    if (set[field] === planned[field]) continue;
    throw new UsageError(
      `${field}: found ${set[field]}, but ${path} commits to ${planned[field]}; leave the ${field} out`,
    );
  }
  return { ...planned, looks };
}
