import { UsageError } from './errors.ts';
import { settingsFile, settingsFlag, type SettingsLayer } from './resolve-settings.ts';

/** The flags that name settings: the config file, the settings that are given most, and any other by `--set`. */
export interface SettingsOptions {
  readonly config?: string;
  readonly set?: readonly string[];
  readonly fraction?: string;
  readonly versions?: string;
  readonly epochs?: string;
  readonly seed?: string;
}

const fieldOfFlag = {
  fraction: 'marking.markedFraction',
  versions: 'marking.versions',
  epochs: 'training.epochs',
  seed: 'seed',
} as const;

/** The layers of settings that a command line names, weakest first: file, `--set`, flags. */
export async function settingsLayers(options: SettingsOptions): Promise<SettingsLayer[]> {
  const layers = options.config === undefined ? [] : [await settingsFile(options.config)];
  for (const assignment of options.set ?? []) {
    const [, field, text] = /^([^=]+)=(.*)$/s.exec(assignment) ?? [];
    if (field === undefined || text === undefined) {
      throw new UsageError(`--set: found "${assignment}", expected <field>=<value>, such as training.momentum=0.8`);
    }
    layers.push(settingsFlag('--set', field, text));
  }
  for (const [flag, field] of Object.entries(fieldOfFlag) as [keyof typeof fieldOfFlag, string][]) {
    const text = options[flag];
    if (text !== undefined) layers.push(settingsFlag(`--${flag}`, field, text));
  }
  return layers;
}
