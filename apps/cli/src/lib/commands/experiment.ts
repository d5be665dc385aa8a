import { basename } from 'node:path';
import { carryOut, type RunOptions } from '../carry-out.ts';
import { checkTraining } from '../check-training.ts';
import { requireServer } from '../connect.ts';
import { planMarking } from '../marking-plan.ts';
import { openCorpus } from '../open-corpus.ts';
import { openKey } from '../open-key.ts';
import { checkPlaces } from '../places.ts';
import { powerLine } from '../power-text.ts';
import { progressView } from '../progress-view.ts';
import { requireExactTest } from '../require-exact-test.ts';
import { resolveSettings } from '../resolve-settings.ts';
import { settingsLayers, type SettingsOptions } from '../settings-options.ts';
import { experimentInput } from '../workflow-inputs.ts';
import { storeOf } from '../store-place.ts';

export interface ExperimentOptions extends RunOptions, SettingsOptions {
  readonly corpus: string;
  readonly key: string;
}

/** The whole chain on a corpus: mark, train a suspect and a control, judge both, report. */
export async function experimentCommand(options: ExperimentOptions): Promise<void> {
  const settings = resolveSettings(await settingsLayers(options));
  requireExactTest(settings);
  await checkPlaces(options);
  const store = storeOf(options);
  await requireServer(options);
  const { corpus, dir, counts } = await openCorpus(options.corpus);
  checkTraining(settings, counts);
  const plan = planMarking(settings, counts);
  const key = await openKey(options.key, options);
  const input = experimentInput(settings, {
    store,
    locations: { corpus: dir, key: key.path },
    corpus,
    keyId: key.keyId,
    title: `Experiment on ${basename(dir)}`,
  });
  await carryOut({ name: 'experiment', input, settings, key, note: powerLine(plan) }, progressView(options), options);
}
