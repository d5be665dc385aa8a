import { readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { readKey } from '@radiotracer/carriers';
import { carryOut } from '../carry-out.ts';
import { commandLine, defaults } from '../command-line.ts';
import { demoCorpus, demoSettings } from '../demo-settings.ts';
import { makeKey, type KeyFile } from '../open-key.ts';
import { planMarking } from '../marking-plan.ts';
import { checkPlaces } from '../places.ts';
import type { GlobalOptions } from '../print-result.ts';
import { powerLine } from '../power-text.ts';
import { progressView } from '../progress-view.ts';
import { requireExactTest } from '../require-exact-test.ts';
import { resolveSettings } from '../resolve-settings.ts';
import { findRun, hasFinished } from '../run-record.ts';
import { settingsLayers, type SettingsOptions } from '../settings-options.ts';
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
  requireExactTest(settings);
  const plan = planMarking(settings, { images: demoCorpus.trainImages, classes: demoCorpus.classes });
  await checkPlaces({ store: join(options.out, 'store'), out: options.out });
  const view = progressView(options);
  const folder = resolve(options.out);
  const store = join(folder, 'store');
  const demoOf = (name: string, key: KeyFile) => {
    const where = { store, locations: { key: key.path }, title: 'Demo on a generated corpus' };
    const input = experimentInput(settings, { ...where, corpus: { generate: demoCorpus }, keyId: key.keyId });
    return { out: join(folder, name), key, input };
  };
  const keyOf = (name: string): string => join(folder, 'keys', `${name}.key`);

  let demo: ReturnType<typeof demoOf> | undefined;
  for (const name of await unfinished(folder)) {
    const path = keyOf(name);
    const before = demoOf(name, { path, keyId: (await readKey(path)).keyId, isNew: false });
    const id = workflowId('experiment', before.input);
    if ((await findRun(store, id))?.out === before.out) demo = before;
  }
  if (!demo) {
    const name = new Date().toISOString().slice(0, 19).replaceAll(':', '-');
    demo = demoOf(name, await makeKey(keyOf(name)));
  }
  const { out, key, input } = demo;
  const work = { name: 'experiment', input, settings, key, note: powerLine(plan), keepServer: true } as const;
  await carryOut(work, view, { ...options, store, out, namespace: defaults.namespace });
  view.note(`The Temporal UI stays up until: ${commandLine(['server', 'stop'], { store })}`);
}

/** Names of the demos that left no result and whose keys are there, oldest first. */
async function unfinished(folder: string): Promise<string[]> {
  const keys = await readdir(join(folder, 'keys')).catch(() => []);
  const names = keys.filter((file) => file.endsWith('.key')).map((file) => file.slice(0, -'.key'.length));
  return names.filter((name) => !hasFinished({ out: join(folder, name) })).sort();
}
