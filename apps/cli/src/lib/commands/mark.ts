import { resolve } from 'node:path';
import { mark, type MarkResult } from '@radiotracer/workflows';
import { carryOut, type RunOptions } from '../carry-out.ts';
import { openCorpus } from '../open-corpus.ts';
import { ensureKey } from '../open-key.ts';
import { numberText } from '../progress-text.ts';
import { progressView } from '../progress-view.ts';
import { resolveSettings } from '../resolve-settings.ts';
import { settingsLayers, type SettingsOptions } from '../settings-options.ts';
import { markInput } from '../workflow-inputs.ts';

export interface MarkOptions extends RunOptions, SettingsOptions {
  readonly corpus: string;
  readonly key: string;
}

/** Marks a corpus and leaves `published/`, to release, and `private/`, to keep. */
export async function markCommand(options: MarkOptions): Promise<void> {
  const settings = resolveSettings(await settingsLayers(options));
  const view = progressView(options);
  const { corpus, dir } = await openCorpus(options.corpus);
  const { path, keyId } = await ensureKey(options.key, view);
  const places = { store: resolve(options.store), locations: { corpus: dir, key: path }, corpus, keyId };
  const input = markInput(settings, places);
  await carryOut({ name: 'mark', workflow: mark, input, settings, tell: markedText }, view, options);
}

function markedText({ publication, versions }: MarkResult): string {
  const { marked, images, commitment } = publication.facts;
  return [
    `marked ${numberText(marked)} of ${numberText(images)} images at ${versions.facts.medianPsnrDb.toFixed(1)} dB`,
    `commitment ${commitment}`,
    'Make the commitment public, or have it time-stamped, before you release the corpus.',
  ].join('\n');
}
