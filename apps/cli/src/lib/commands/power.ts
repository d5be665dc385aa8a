import { featureSize } from '@radiotracer/nets/architectures';
import { UsageError } from '../errors.ts';
import { planMarking } from '../marking-plan.ts';
import { lookAtCorpus } from '../open-corpus.ts';
import { powerOf } from '../power.ts';
import { powerText } from '../power-text.ts';
import { printResult, type GlobalOptions } from '../print-result.ts';
import { resolveSettings } from '../resolve-settings.ts';
import { settingsLayers, type SettingsOptions } from '../settings-options.ts';
import { wholeNumber } from '../whole-number.ts';

export interface PowerOptions extends GlobalOptions, SettingsOptions {
  readonly corpus?: string;
  readonly images?: string;
  readonly classes?: string;
}

/** Tells what could be detected with these settings. Marks nothing, and needs no server. */
export async function powerCommand(options: PowerOptions): Promise<void> {
  const settings = resolveSettings(await settingsLayers(options));
  const power = powerOf(planMarking(settings, await countsOf(options)), featureSize(settings.architecture));
  printResult(options, power, powerText(power));
}

async function countsOf({ corpus, images, classes }: PowerOptions): Promise<{ images: number; classes: number }> {
  if (corpus !== undefined && images === undefined && classes === undefined) return (await lookAtCorpus(corpus)).counts;
  if (corpus === undefined && images !== undefined && classes !== undefined) {
    return { images: wholeNumber('--images', images), classes: wholeNumber('--classes', classes, 2) };
  }
  throw new UsageError('power: give either --corpus, or both --images and --classes');
}
