import { readFile } from 'node:fs/promises';

import { closest, distance } from 'fastest-levenshtein';
import { parse as parseYaml } from 'yaml';
import { z } from 'zod';

import { UsageError } from './errors.ts';
import { settingsSchema, type Settings } from './settings.ts';

/** Some of the settings, and where they come from ("experiment.yaml", "--epochs"), for the message that refuses one. */
export interface SettingsLayer {
  readonly origin: string;
  readonly values: unknown;
}

/** Reads a config file, YAML or JSON (which is YAML). */
export async function settingsFile(path: string): Promise<SettingsLayer> {
  try {
    return { origin: path, values: parseYaml(await readFile(path, 'utf8')) ?? {} };
  } catch (error) {
    const reason = (error as Error).message.split('\n', 1)[0];
    throw new UsageError(`config file ${path} cannot be read: ${reason}`, { cause: error });
  }
}

/**
 * One setting from the command line.
 *
 * @param field - such as `training.epochs`
 * @param text - the value as YAML: `3` is a number, `true` a boolean, `{ name: cosine }` an object
 */
export function settingsFlag(origin: string, field: string, text: string): SettingsLayer {
  let value: unknown;
  try {
    value = parseYaml(text);
  } catch {
    value = text; // the schema says what would be valid
  }
  return { origin, values: field.split('.').reduceRight((inner, name) => ({ [name]: inner }), value) };
}

/**
 * The settings that the layers make together; later layers win, defaults fill the rest.
 *
 * @throws UsageError with a line for each wrong field: where it stands, what was found, what would be valid
 */
export function resolveSettings(layers: readonly SettingsLayer[]): Settings {
  const merged = layers.reduce<unknown>((below, layer) => merge(below, layer.values), {});
  const parsed = settingsSchema.safeParse(merged);
  if (parsed.success) return parsed.data;
  throw new UsageError(parsed.error.issues.flatMap((issue) => describeIssue(issue, merged, layers)).join('\n'));
}

function describeIssue(issue: z.core.$ZodIssue, settings: unknown, layers: readonly SettingsLayer[]): string[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => {
      const path = [...issue.path, key];
      const valid = fieldsAt(issue.path);
      const nearest = closest(key, valid);
      const hint = distance(key, nearest) <= 3 ? `did you mean "${nearest}"?` : `valid fields: ${valid.join(', ')}`;
      return `${originOf(path, layers)}: unknown field "${path.join('.')}"; ${hint}`;
    });
  }
  const found = JSON.stringify(valueAt(settings, issue.path)) ?? 'nothing';
  const field = issue.path.length === 0 ? 'the whole' : issue.path.join('.');
  return [`${originOf(issue.path, layers)}: ${field}: found ${found}, expected ${expectedAt(issue.path)}`];
}

/** The layer that set the field, the last one if several did. */
function originOf(path: readonly PropertyKey[], layers: readonly SettingsLayer[]): string {
  const layer = layers.findLast(({ values }) => valueAt(values, path) !== undefined) ?? layers.at(-1);
  return layer?.origin ?? 'settings';
}

function valueAt(values: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce((value, name) => (isRecord(value) ? value[name as string] : undefined), values);
}

function merge(below: unknown, above: unknown): unknown {
  if (!isRecord(below) || !isRecord(above)) return above;
  const merged = { ...below };
  for (const [name, value] of Object.entries(above)) merged[name] = merge(below[name], value);
  return merged;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The schemas on the way down to a field, defaults taken off; ends early inside a union. */
function schemasAlong(path: readonly PropertyKey[]): z.ZodType[] {
  const along: z.ZodType[] = [settingsSchema];
  for (const name of path) {
    let schema = along.at(-1);
    if (schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault) schema = schema.unwrap() as z.ZodType;
    const next = schema instanceof z.ZodObject ? (schema.shape[name as string] as z.ZodType | undefined) : undefined;
    if (next === undefined) break;
    along.push(next);
  }
  return along;
}

function expectedAt(path: readonly PropertyKey[]): string {
  return schemasAlong(path).findLast((schema) => schema.description)?.description ?? 'a mapping of settings';
}

function fieldsAt(path: readonly PropertyKey[]): string[] {
  const schema = schemasAlong(path).at(-1);
  const inner = schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault ? schema.unwrap() : schema;
  return inner instanceof z.ZodObject ? Object.keys(inner.shape) : ['name', 'every', 'factor'];
}
