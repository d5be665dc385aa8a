import { carryOut, type RunOptions } from '../carry-out.ts';
import { checkTraining } from '../check-training.ts';
import { requireServer } from '../connect.ts';
import { planMarking } from '../marking-plan.ts';
import { openCorpus } from '../open-corpus.ts';
import { openKey } from '../open-key.ts';
import { checkPlaces } from '../places.ts';
import { powerLine } from '../power-text.ts';
import { progressView } from '../progress-view.ts';
import { resolveSettings } from '../resolve-settings.ts';
import { settingsLayers, type SettingsOptions } from '../settings-options.ts';
import { markInput } from '../workflow-inputs.ts';
import { storeOf } from '../store-place.ts';

export interface MarkOptions extends RunOptions, SettingsOptions {
  readonly corpus: string;
  readonly key: string;
}

/** Marks a corpus and leaves `published/`, to release, and `private/`, to keep. */
export async function markCommand(options: MarkOptions): Promise<void> {
  const settings = resolveSettings(await settingsLayers(options));
  await checkPlaces(options);
  const store = storeOf(options);
  await requireServer(options);
  const { corpus, dir, counts } = await openCorpus(options.corpus);
  checkTraining(settings, counts);
  const plan = planMarking(settings, counts);
  const key = await openKey(options.key, options);
  const locations = { corpus: dir, key: key.path };
  const input = markInput(settings, { store, locations, corpus, keyId: key.keyId });
  await carryOut({ name: 'mark', input, settings, key, note: powerLine(plan) }, progressView(options), options);
}
