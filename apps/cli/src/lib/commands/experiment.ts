import { basename } from 'node:path';
import { carryOut } from '../carry-out.ts';
import { prepareMarking, type MarkingOptions } from '../prepare-marking.ts';
import { progressView } from '../progress-view.ts';
import { requireExactTest } from '../require-exact-test.ts';
import { resolveSettings } from '../resolve-settings.ts';
import { settingsLayers } from '../settings-options.ts';
import { experimentInput } from '../workflow-inputs.ts';

/** The whole chain on a corpus: mark, train a suspect and a control, judge both, report. */
export async function experimentCommand(options: MarkingOptions): Promise<void> {
  const settings = resolveSettings(await settingsLayers(options));
  requireExactTest(settings);
  const { places, dir, key, note } = await prepareMarking(settings, options);
  const input = experimentInput(settings, { ...places, title: `Experiment on ${basename(dir)}` });
  await carryOut({ name: 'experiment', input, settings, key, note }, progressView(options), options);
}
