import { readFile, stat } from 'node:fs/promises';

import { closest, distance } from 'fastest-levenshtein';
import { parse as parseYaml, parseDocument } from 'yaml';
import { z } from 'zod';

import { SettingsError, UsageError } from './errors.ts';
import { settingsSchema, type Settings } from './settings.ts';

/** Some of the settings, and where they come from ("experiment.yaml", "--epochs"), for the message that refuses one. */
export interface SettingsLayer {
  readonly origin: string;
  readonly values: unknown;
}

/** A config file that is larger is none. */
const maxBytes = 2 ** 20;

/**
 * Reads a config file, YAML or JSON (which is YAML).
 *
 * @throws UsageError if it cannot be read, or leaves open what it means: an unknown tag, a key that is there twice
 */
export async function settingsFile(path: string): Promise<SettingsLayer> {
  try {
    const stats = await stat(path).catch(({ code }: NodeJS.ErrnoException) => {
      throw new Error(`${code}`);
    });
    if (!stats.isFile()) throw new Error('it is not a file');
    if (stats.size > maxBytes) throw new Error(`it has ${stats.size} bytes; settings are at most ${maxBytes}`);
    const text = new TextDecoder('utf-8', { fatal: true }).decode(await readFile(path));
    if (text.trim() === '') throw new Error('it is empty');
    const document = parseDocument(text);
    const [problem] = [...document.errors, ...document.warnings];
    if (problem) throw problem;
    return { origin: path, values: document.toJS() ?? {} };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const reason =
      code === 'MULTIPLE_DOCS' ? 'it holds several documents' : message.split('\n', 1)[0]?.replace(/:$/, '');
    throw new UsageError(`config file ${path} cannot be read: ${reason}; expected settings in YAML or JSON`, {
      cause: error,
    });
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
  return settingsField(origin, field, value);
}

/** One setting. @param field - such as `training.epochs` */
export function settingsField(origin: string, field: string, value: unknown): SettingsLayer {
  return { origin, values: field.split('.').reduceRight((inner, name) => ({ [name]: inner }), value) };
}

/**
 * The settings that the layers make together; later layers win, defaults fill the rest.
 *
 * @throws SettingsError with a line for each wrong field: where it stands, what was found, what would be valid
 */
export function resolveSettings(layers: readonly SettingsLayer[]): Settings {
  return resolveBy(settingsSchema, layers);
}

/** The same for what another schema describes. */
export function resolveBy<T>(schema: z.ZodType<T>, layers: readonly SettingsLayer[]): T {
  const merged = layers.reduce<unknown>((below, layer) => merge(below, layer.values), {});
  const parsed = schema.safeParse(merged);
  if (parsed.success) return parsed.data;
  const lines = parsed.error.issues.flatMap((issue) => describeIssue(issue, schema, merged, layers));
  throw new SettingsError(lines.join('\n'));
}

function describeIssue(
  issue: z.core.$ZodIssue,
  schema: z.ZodType,
  settings: unknown,
  layers: readonly SettingsLayer[],
): string[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => {
      const path = [...issue.path, key];
      const valid = fieldsAt(schema, issue.path);
      const inside = valid.filter((section) => fieldsAt(schema, [...issue.path, section]).includes(key));
      const nearest = closest(key, valid);
      const meant = inside.length > 0 ? inside.map((section) => `${section}.${key}`) : [nearest];
      const hint =
        inside.length > 0 || distance(key, nearest) <= 3
          ? `did you mean ${meant.map((field) => `"${field}"`).join(' or ')}?`
          : `valid fields: ${valid.join(', ')}`;
      return `${originOf(path, layers)}: unknown field ${JSON.stringify(path.join('.'))}; ${hint}`;
    });
  }
  const found = shown(valueAt(settings, issue.path));
  const field = issue.path.length === 0 ? 'the whole' : issue.path.join('.');
  const expected = issue.code === 'custom' ? issue.message : expectedAt(schema, issue.path);
  return [`${originOf(issue.path, layers)}: ${field}: found ${found}, expected ${expected}`];
}

/** A value that was found, in so many characters as help to find it again. */
function shown(value: unknown): string {
  const text = JSON.stringify(value, (_, inner: unknown) => (isNonFinite(inner) ? String(inner) : inner)) ?? 'nothing';
  if (isNonFinite(value)) return String(value);
  return text.length > maxShown ? `${text.slice(0, maxShown)}…` : text;
}

const maxShown = 100;

function isNonFinite(value: unknown): boolean {
  return typeof value === 'number' && !Number.isFinite(value);
}

/** The layer that set the field, the last one if several did. */
function originOf(path: readonly PropertyKey[], layers: readonly SettingsLayer[]): string {
  const layer = layers.findLast(({ values }) => valueAt(values, path) !== undefined) ?? layers.at(-1);
  return layer?.origin ?? 'settings';
}

function valueAt(values: unknown, path: readonly PropertyKey[]): unknown {
  const inside = (value: unknown): value is Record<PropertyKey, unknown> => isRecord(value) || Array.isArray(value);
  return path.reduce((value, name) => (inside(value) ? value[name] : undefined), values);
}

function merge(below: unknown, above: unknown): unknown {
  if (!isRecord(below) || !isRecord(above)) return above;
  const inner = (name: string): unknown => (Object.hasOwn(below, name) ? below[name] : undefined);
  const merged = Object.entries(above).map(([name, value]) => [name, merge(inner(name), value)] as const);
  return Object.fromEntries([...Object.entries(below), ...merged]); // also of a name such as __proto__
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The schemas on the way down to a field, defaults taken off; ends early inside a union. Lists have no names. */
function schemasAlong(whole: z.ZodType, path: readonly PropertyKey[]): z.ZodType[] {
  const along = [whole];
  for (const name of path) {
    let schema = along.at(-1);
    if (isWrapped(schema)) schema = schema.unwrap() as z.ZodType;
    const next = schema instanceof z.ZodObject ? schema.shape[name as string] : elementOf(schema);
    if (next === undefined) break;
    along.push(next as z.ZodType);
  }
  return along;
}

function elementOf(schema: z.ZodType | undefined): z.core.$ZodType | undefined {
  return schema instanceof z.ZodArray ? schema.element : undefined;
}

function isWrapped(schema: z.ZodType | undefined): schema is z.ZodDefault | z.ZodPrefault | z.ZodOptional {
  return schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault || schema instanceof z.ZodOptional;
}

function expectedAt(whole: z.ZodType, path: readonly PropertyKey[]): string {
  return schemasAlong(whole, path).findLast((schema) => schema.description)?.description ?? 'a mapping of settings';
}

function fieldsAt(whole: z.ZodType, path: readonly PropertyKey[]): string[] {
  const schema = schemasAlong(whole, path).at(-1);
  const inner = isWrapped(schema) ? schema.unwrap() : schema;
  const forms = inner instanceof z.ZodUnion ? inner.options : [inner];
  return [...new Set(forms.flatMap((form) => (form instanceof z.ZodObject ? Object.keys(form.shape) : [])))];
}
