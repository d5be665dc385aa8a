import { join, resolve } from 'node:path';
import { experiment } from '@radiotracer/workflows';
import { carryOut } from '../carry-out.ts';
import { demoCorpus, demoSettings } from '../demo-settings.ts';
import { ensureKey } from '../open-key.ts';
import type { GlobalOptions } from '../print-result.ts';
import { progressView } from '../progress-view.ts';
import { resolveSettings } from '../resolve-settings.ts';
import { settingsLayers, type SettingsOptions } from '../settings-options.ts';
import { verdictsText } from '../summary.ts';
import { experimentInput } from '../workflow-inputs.ts';

export interface DemoOptions extends GlobalOptions, SettingsOptions {
  readonly out: string;
}

/**
 * An experiment on the generated corpus, with a fresh key in a folder of its own. All demos of a folder share its
 * store: what does not depend on the key (corpus, marking network, control) is made once.
 */
export async function demoCommand(options: DemoOptions): Promise<void> {
  const layers = [{ origin: 'the demo', values: demoSettings }, ...(await settingsLayers(options))];
  const settings = resolveSettings(layers);
  const view = progressView(options);
  const folder = resolve(options.out);
  const out = join(folder, new Date().toISOString().slice(0, 19).replaceAll(':', '-'));
  const store = join(folder, 'store');
  const { path, keyId } = await ensureKey(join(folder, 'keys', `${out.slice(folder.length + 1)}.key`), view);
  const input = experimentInput(settings, {
    store,
    locations: { key: path },
    corpus: { generate: demoCorpus },
    keyId,
    title: 'Demo on a generated corpus',
  });
  await carryOut(
    { name: 'experiment', workflow: experiment, input, settings, tell: verdictsText, keepServer: true },
    view,
    { ...options, store, out, namespace: 'default' },
  );
  view.note(`The Temporal UI stays up until: radiotracer server stop --store ${store}`);
}
