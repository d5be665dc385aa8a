import type { CorpusInput, Where } from '@radiotracer/workflows';
import type { RunOptions } from './carry-out.ts';
import { checkTraining } from './check-training.ts';
import { requireServer } from './connect.ts';
import { planMarking } from './marking-plan.ts';
import { openCorpus } from './open-corpus.ts';
import { openKey, type KeyFile } from './open-key.ts';
import { checkPlaces } from './places.ts';
import { powerLine } from './power-text.ts';
import type { Settings } from './settings.ts';
import type { SettingsOptions } from './settings-options.ts';
import { storeOf } from './store-place.ts';

/** The flags of every command that marks a corpus. */
export interface MarkingOptions extends RunOptions, SettingsOptions {
  readonly corpus: string;
  readonly key: string;
}

/** What a corpus is marked with, after all was checked that can be before any work. */
export interface PreparedMarking {
  readonly key: KeyFile;
  /** What the workflow takes besides the settings. */
  readonly places: Where & { readonly corpus: CorpusInput; readonly keyId: string };
  /** Absolute path of the corpus. */
  readonly dir: string;
  /** What could be detected, for people. */
  readonly note: string;
}

/**
 * Checks places, server, corpus and settings, in this order, and only then opens the key, or makes it.
 *
 * @throws UsageError, InputError, UnreachableError, and what a corpus or a key throws that cannot be used
 */
export async function prepareMarking(settings: Settings, options: MarkingOptions): Promise<PreparedMarking> {
  await checkPlaces(options);
  const store = storeOf(options);
  await requireServer(options);
  const { corpus, dir, counts } = await openCorpus(options.corpus);
  checkTraining(settings, counts);
  const note = powerLine(planMarking(settings, counts));
  const key = await openKey(options.key, options);
  const places = { store, locations: { corpus: dir, key: key.path }, corpus, keyId: key.keyId };
  return { key, places, dir, note };
}
