import { MarkingError } from './errors.ts';
import { isEncoding } from './published-form.ts';
import type { MarkingSettings } from './types.ts';

/**
 * Settings of the authors' code (its README and `make_data_radioactive.py`; Sablayrolles et al. 2020): a carrier for
 * each class, 90 steps of SGD with rate 1 (an "epoch" there is one step). Versions are ours: one is published, the
 * others are decoys.
 */
export const PAPER_MARKING: MarkingSettings = {
  markedFraction: 0.01,
  selection: 'random',
  versions: 10,
  carrierUnit: 'class',
  radius: 10,
  lambdaFeatureL2: 0.01,
  lambdaImageL2: 0.0005,
  optimizer: 'sgd',
  learningRate: 1,
  steps: 90,
  cropPadding: 4,
  horizontalFlip: true,
  seed: 0,
};

/** @throws MarkingError naming the first field that is out of range */
export function checkMarkingSettings(settings: MarkingSettings): void {
  const require = (holds: boolean, field: keyof MarkingSettings, valid: string) => {
    if (!holds) throw new MarkingError(`marking.${field} is ${String(settings[field])}; it must be ${valid}`);
  };
  const isInteger = (field: keyof MarkingSettings, least: number, most = Number.MAX_SAFE_INTEGER) => {
    const value = settings[field] as number;
    return Number.isSafeInteger(value) && value >= least && value <= most;
  };
  const requireOneOf = (field: keyof MarkingSettings, ...values: string[]) =>
    require(values.includes(String(settings[field])), field, values.join(' or '));
  require(settings.markedFraction > 0 && settings.markedFraction <= 1, 'markedFraction', 'in (0, 1]');
  requireOneOf('selection', 'random', 'hardest');
  require(isInteger('versions', 2), 'versions', 'an integer of at least 2');
  requireOneOf('carrierUnit', 'class', 'image');
  require(isInteger('radius', 1, 255), 'radius', 'an integer in 1..255');
  for (const field of ['lambdaFeatureL2', 'lambdaImageL2'] as const) {
    require(Number.isFinite(settings[field]) && settings[field] >= 0, field, 'finite and at least 0');
  }
  requireOneOf('optimizer', 'sgd', 'adam');
  const { learningRate } = settings;
  require(Number.isFinite(learningRate) && learningRate > 0, 'learningRate', 'finite and above 0');
  require(isInteger('steps', 1), 'steps', 'an integer of at least 1');
  require(isInteger('cropPadding', 0), 'cropPadding', 'an integer of at least 0');
  require(typeof settings.horizontalFlip === 'boolean', 'horizontalFlip', 'true or false');
  require(isEncoding(settings.encode ?? 'png'), 'encode', 'png, or jpeg: and a quality in 1..100, such as jpeg:90');
  require(isInteger('seed', 0), 'seed', 'an integer of at least 0');
}
