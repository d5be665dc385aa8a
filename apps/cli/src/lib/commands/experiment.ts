import { basename, resolve } from 'node:path';
import { experiment } from '@radiotracer/workflows';
import { carryOut, type RunOptions } from '../carry-out.ts';
import { openCorpus } from '../open-corpus.ts';
import { ensureKey } from '../open-key.ts';
import { progressView } from '../progress-view.ts';
import { resolveSettings } from '../resolve-settings.ts';
import { settingsLayers, type SettingsOptions } from '../settings-options.ts';
import { experimentText } from '../summary.ts';
import { experimentInput } from '../workflow-inputs.ts';

export interface ExperimentOptions extends RunOptions, SettingsOptions {
  readonly corpus: string;
  readonly key: string;
}

/** The whole chain on a corpus: mark, train a suspect and a control, judge both, report. */
export async function experimentCommand(options: ExperimentOptions): Promise<void> {
  const settings = resolveSettings(await settingsLayers(options));
  const view = progressView(options);
  const { corpus, dir } = await openCorpus(options.corpus);
  const { path, keyId } = await ensureKey(options.key, view);
  const input = experimentInput(settings, {
    store: resolve(options.store),
    locations: { corpus: dir, key: path },
    corpus,
    keyId,
    title: `Experiment on ${basename(dir)}`,
  });
  await carryOut({ name: 'experiment', workflow: experiment, input, settings, tell: experimentText }, view, options);
}
