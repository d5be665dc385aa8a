import { resolve } from 'node:path';
import { train } from '@radiotracer/workflows';
import { carryOut, type RunOptions } from '../carry-out.ts';
import { openCorpus } from '../open-corpus.ts';
import { percentText } from '../progress-text.ts';
import { checkPlaces } from '../places.ts';
import { progressView } from '../progress-view.ts';
import { resolveSettings } from '../resolve-settings.ts';
import { settingsLayers, type SettingsOptions } from '../settings-options.ts';
import { trainInput } from '../workflow-inputs.ts';

export interface TrainOptions extends RunOptions, Omit<SettingsOptions, 'fraction' | 'versions'> {
  readonly corpus: string;
}

/** Trains one network on a corpus. */
export async function trainCommand(options: TrainOptions): Promise<void> {
  const settings = resolveSettings(await settingsLayers(options, ['seed', 'architecture', 'training']));
  await checkPlaces(options);
  const { corpus, dir } = await openCorpus(options.corpus);
  const input = trainInput(settings, { store: resolve(options.store), locations: { corpus: dir }, corpus });
  const work = { name: 'train', workflow: train, input, settings } as const;
  const view = progressView(options);
  const tell = ({ network }: Awaited<ReturnType<typeof train>>): string =>
    `trained network ${network.key}\ntest accuracy ${percentText(network.facts.testAccuracy)}`;
  await carryOut({ ...work, tell }, view, options);
}
