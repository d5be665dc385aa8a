import { carryOut } from '../carry-out.ts';
import { prepareMarking, type MarkingOptions } from '../prepare-marking.ts';
import { progressView } from '../progress-view.ts';
import { resolveSettings } from '../resolve-settings.ts';
import { settingsLayers } from '../settings-options.ts';
import { markInput } from '../workflow-inputs.ts';

/** Marks a corpus and leaves `published/`, to release, and `private/`, to keep. */
export async function markCommand(options: MarkingOptions): Promise<void> {
  const settings = resolveSettings(await settingsLayers(options));
  const { places, key, note } = await prepareMarking(settings, options);
  const input = markInput(settings, places);
  await carryOut({ name: 'mark', input, settings, key, note }, progressView(options), options);
}
