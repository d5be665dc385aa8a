import { canonicalJson } from '@radiotracer/store';
import { UsageError } from './errors.ts';
import { resolveSettings, settingsField } from './resolve-settings.ts';
import type { Settings } from './settings.ts';
import type { Study } from './study.ts';

/** One cell of a study's grid. */
export interface StudyCell {
  /** What sets it apart from the others, by the path of the setting. */
  readonly varied: Readonly<Record<string, unknown>>;
  /** The same for people: "markedFraction 0.01, radius 4"; empty where nothing varies. */
  readonly name: string;
  readonly settings: Settings;
}

/** More would bring the workflow's input near the 2 MB that a server takes. */
const maxExperiments = 1000;

/**
 * The cells of a study: every combination of the values in its grid, the last setting varying fastest.
 *
 * @param path - of the study file, for messages
 * @throws SettingsError, UsageError that name the field
 */
export function studyCells({ settings, grid, runs }: Study, path: string): StudyCell[] {
  const size = Object.values(grid).reduce((product, values) => product * values.length, runs);
  if (size > maxExperiments) {
    throw new UsageError(`${path}: grid: found ${size} experiments (cells × runs), expected at most ${maxExperiments}`);
  }
  if ('seed' in grid) {
    throw new UsageError(
      `${path}: grid.seed: the seeds follow from settings.seed; say with "runs" how often to repeat`,
    );
  }
  const base = { origin: `${path}: settings`, values: settings };
  const cells = combinations(Object.entries(grid)).map((varied): StudyCell => {
    const layers = varied.map(([field, value]) => settingsField(`${path}: grid`, field, value));
    return {
      varied: Object.fromEntries(varied),
      name: varied.map(([field, value]) => `${field.split('.').at(-1)} ${shown(value)}`).join(', '),
      settings: resolveSettings([base, ...layers]),
    };
  });
  const seen = new Map<string, string>();
  for (const cell of cells) {
    const same = canonicalJson(cell.settings, 'settings');
    const other = seen.get(same);
    if (other !== undefined) {
      throw new UsageError(
        `${path}: grid: "${other}" and "${cell.name}" are the same experiment; name each value once`,
      );
    }
    seen.set(same, cell.name);
  }
  return cells;
}

type Axis = readonly [field: string, values: readonly unknown[]];

function combinations(axes: readonly Axis[]): (readonly [field: string, value: unknown])[][] {
  const [first, ...rest] = axes;
  if (!first) return [[]];
  const [field, values] = first;
  const others = combinations(rest);
  return values.flatMap((value) => others.map((other) => [[field, value] as const, ...other]));
}

function shown(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
