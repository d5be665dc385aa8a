import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { experiment } from '@radiotracer/workflows';
import { carryOut } from '../carry-out.ts';
import { demoCorpus, demoSettings } from '../demo-settings.ts';
import { ensureKey } from '../open-key.ts';
import type { GlobalOptions } from '../print-result.ts';
import { progressView } from '../progress-view.ts';
import { resolveSettings } from '../resolve-settings.ts';
import { findRun } from '../run-record.ts';
import { settingsLayers, type SettingsOptions } from '../settings-options.ts';
import { experimentText } from '../summary.ts';
import { experimentInput, workflowId } from '../workflow-inputs.ts';

export interface DemoOptions extends GlobalOptions, SettingsOptions {
  readonly out: string;
}

/**
 * An experiment on the generated corpus, with a fresh key in a folder of its own. All demos of a folder share its
 * store: what does not depend on the key (corpus, marking network, control) is made once. A demo that was cut off is
 * taken up again with its key, as a key must not be drawn anew before its verdict is known.
 */
export async function demoCommand(options: DemoOptions): Promise<void> {
  const settings = resolveSettings([{ origin: 'the demo', values: demoSettings }, ...(await settingsLayers(options))]);
  const view = progressView(options);
  const folder = resolve(options.out);
  const store = join(folder, 'store');
  const demoOf = async (name: string) => {
    const { path, keyId } = await ensureKey(join(folder, 'keys', `${name}.key`), view);
    const corpus = { generate: demoCorpus };
    const where = { store, locations: { key: path }, title: 'Demo on a generated corpus' };
    return { out: join(folder, name), input: experimentInput(settings, { ...where, corpus, keyId }) };
  };

  const last = await lastUnfinished(folder);
  let demo = last === undefined ? undefined : await demoOf(last);
  const isSame = demo && (await findRun(store, workflowId('experiment', demo.input)))?.out === demo.out;
  if (!demo || !isSame) demo = await demoOf(new Date().toISOString().slice(0, 19).replaceAll(':', '-'));
  const { out, input } = demo;
  await carryOut(
    { name: 'experiment', workflow: experiment, input, settings, tell: experimentText, keepServer: true },
    view,
    { ...options, store, out, namespace: 'default' },
  );
  view.note(`The Temporal UI stays up until: radiotracer server stop --store ${store}`);
}

/** Name of the newest demo that left no result, if its key is there. */
async function lastUnfinished(folder: string): Promise<string | undefined> {
  const keys = existsSync(join(folder, 'keys')) ? await readdir(join(folder, 'keys')) : [];
  const names = keys.map((file) => file.replace(/\.key$/, '')).sort();
  return names.findLast((name) => !existsSync(join(folder, name, 'result.json')));
}
