import { UsageError } from './errors.ts';
import { settingsField, settingsFile, settingsFlag, type SettingsLayer } from './resolve-settings.ts';
import { settingsSchema, type Settings } from './settings.ts';

/** The flags that name settings: the config file, the settings that are given most, and any other by `--set`. */
export interface SettingsOptions {
  readonly config?: string;
  readonly set?: readonly string[];
  readonly fraction?: string;
  readonly versions?: string;
  readonly encode?: string;
  readonly epochs?: string;
  readonly seed?: string;
  readonly beacon?: string;
}

const fieldOfFlag = {
  fraction: 'marking.markedFraction',
  versions: 'marking.versions',
  encode: 'marking.encode',
  epochs: 'training.epochs',
  seed: 'seed',
} as const;

const parts = Object.keys(settingsSchema.shape) as (keyof Settings)[];

/**
 * The layers of settings that a command line names, weakest first: file, `--set`, flags.
 *
 * @param used - the parts that the command looks at, by default all. A file may set others, as it may serve several
 *   commands; `--set` may not.
 */
export async function settingsLayers(
  options: SettingsOptions,
  used: readonly (keyof Settings)[] = parts,
): Promise<SettingsLayer[]> {
  const layers = options.config === undefined ? [] : [await settingsFile(options.config)];
  for (const assignment of options.set ?? []) {
    const [, field, text] = /^([^=]+)=(.*)$/s.exec(assignment) ?? [];
    if (field === undefined || text === undefined) {
      throw new UsageError(`--set: found "${assignment}", expected <field>=<value>, such as training.momentum=0.8`);
    }
    const part = parts.find((name) => name === field.split('.', 1)[0]);
    if (part && !used.includes(part)) {
      throw new UsageError(`--set: this command has no use for "${field}"; it takes ${used.join(', ')}`);
    }
    layers.push(settingsFlag('--set', field, text));
  }
  for (const [flag, field] of Object.entries(fieldOfFlag) as [keyof typeof fieldOfFlag, string][]) {
    const text = options[flag];
    if (text !== undefined) layers.push(settingsFlag(`--${flag}`, field, text));
  }
  if (options.beacon !== undefined) layers.push(settingsField('--beacon', 'beacon', options.beacon));
  return layers;
}
