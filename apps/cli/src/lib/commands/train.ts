import { carryOut, type RunOptions } from '../carry-out.ts';
import { checkTraining } from '../check-training.ts';
import { requireServer } from '../connect.ts';
import { UsageError } from '../errors.ts';
import { openCorpus } from '../open-corpus.ts';
import { checkPlaces } from '../places.ts';
import { progressView } from '../progress-view.ts';
import { resolveSettings } from '../resolve-settings.ts';
import type { Settings } from '../settings.ts';
import { settingsLayers, type SettingsOptions } from '../settings-options.ts';
import { trainInput } from '../workflow-inputs.ts';
import { storeOf } from '../store-place.ts';

export interface TrainOptions extends RunOptions, Omit<SettingsOptions, 'fraction' | 'versions'> {
  readonly corpus: string;
}

/** Trains one network on a corpus. */
export async function trainCommand(options: TrainOptions): Promise<void> {
  const settings = resolveSettings(await settingsLayers(options, ['seed', 'architecture', 'training', 'suspect']));
  checkOneTraining(settings);
  await checkPlaces(options);
  const store = storeOf(options);
  await requireServer(options);
  const { corpus, dir, counts } = await openCorpus(options.corpus);
  checkTraining(settings, counts);
  const input = trainInput(settings, { store, locations: { corpus: dir }, corpus });
  await carryOut({ name: 'train', input, settings }, progressView(options), options);
}

/** @throws UsageError if the suspect of these settings is made of another network */
function checkOneTraining({ layers, suspect }: Settings): void {
  const other = (['pretraining', 'distillation'] as const).find((part) => suspect[part] !== undefined);
  const found =
    layers === 'last' ? 'layers: found "last", expected "all"' : other && `suspect.${other}: expected nothing`;
  if (found === undefined) return;
  throw new UsageError(`${found}, as "train" trains a network from scratch; "experiment" and "study" take it`);
}
