import type { MarkingSettings } from '@radiotracer/marker';
import { canonicalJson, sha256 } from '@radiotracer/store';
import type { TrainingSettings } from '@radiotracer/trainer';
import type {
  CorpusInput,
  ExperimentInput,
  MarkInput,
  SweepCell,
  SweepInput,
  TrainInput,
  Where,
} from '@radiotracer/workflows';
import type { Settings } from './settings.ts';
import { hasOtherArchitecture, suspectSettings } from './suspect-settings.ts';
import type { Study } from './study.ts';
import type { StudyCell } from './study-cells.ts';

/*
 * From a person's settings to what the workflows take. Every network has its own seed, derived from one: a control
 * that started from the marking network's weights would be no independent model.
 */

/** What the `experiment` workflow takes. */
export function experimentInput(
  settings: Settings,
  places: Where & { readonly corpus: CorpusInput; readonly keyId: string; readonly title: string },
): ExperimentInput {
  return { ...places, ...experimentSettings(settings) };
}

function experimentSettings(settings: Settings): SweepCell['experiment'] {
  const { architecture, layers, seed, controls } = settings;
  const { training, ...suspect } = suspectSettings(settings);
  const { pretraining, distillation } = settings.suspect;
  const { privacy } = settings.suspect.training;
  return {
    architecture,
    ...(hasOtherArchitecture(settings) && { suspectArchitecture: suspect.architecture }),
    marking: markingSettings(settings),
    ...beaconOf(settings),
    layers,
    training: {
      marking: markingNetworkTraining(settings),
      suspect: { ...training, seed: seed + 1 },
      controls: Array.from({ length: controls }, (_, i) => ({ ...training, seed: seed + 2 + i })),
      ...(pretraining && { pretraining: { ...settings.training, ...pretraining, seed: seed + 1 } }),
    },
    ...(distillation && { distillation: { ...distillation, teacher: settings.training } }),
    ...(privacy && { privacy }),
    log10Level: Math.log10(settings.level),
  };
}

/**
 * What the `sweep` workflow takes. All runs share the marking network, of seed s; run n, from 1, has the seed s + n for
 * its marking, its suspect and its first control.
 *
 * @param places - the ids of the keys of the runs
 */
export function sweepInput(
  { title, concurrency }: Study,
  cells: readonly StudyCell[],
  { keyIds, ...places }: Where & { readonly corpus: CorpusInput; readonly keyIds: readonly string[] },
): SweepInput {
  const seed = cells[0]?.settings.seed ?? NaN; // which does not vary
  return {
    ...places,
    title,
    concurrency,
    cells: cells.map(({ varied, name, settings }) => ({ varied, name, experiment: experimentSettings(settings) })),
    runs: keyIds.map((keyId, i) => ({ keyId, seed: seed + i + 1 })),
  };
}

/** What the `mark` workflow takes: the first half of an experiment of the same settings, so nothing is done twice. */
export function markInput(
  settings: Settings,
  places: Where & { readonly corpus: CorpusInput; readonly keyId: string },
): MarkInput {
  return {
    ...places,
    architecture: settings.architecture,
    training: markingNetworkTraining(settings),
    marking: markingSettings(settings),
    ...beaconOf(settings),
  };
}

/**
 * What the `train` workflow takes: the seed of an experiment's suspect. With the marking network's own seed a control
 * that is trained on the clean corpus would be the marking network itself, which is no independent model.
 */
export function trainInput(
  settings: Settings,
  { store, locations, corpus }: Where & { corpus: CorpusInput },
): TrainInput {
  const { architecture, training } = suspectSettings(settings);
  return { store, locations, corpus, architecture, training: { ...training, seed: settings.seed + 1 } };
}

function markingNetworkTraining({ training, markingNetwork, seed }: Settings): TrainingSettings {
  return { ...training, ...markingNetwork, seed };
}

function beaconOf({ beacon }: Settings): Pick<MarkInput, 'beacon'> {
  return beacon === undefined ? {} : { beacon };
}

function markingSettings({ marking, seed }: Settings): MarkingSettings {
  return { ...marking, seed };
}

/**
 * The id that a workflow has unless a person gives one: the same for the same work wherever the store lies, so that
 * the same command again finds the run that it began.
 */
export function workflowId(name: string, input: Where & { readonly concurrency?: number }): string {
  const { store: _store, locations: _locations, concurrency: _concurrency, ...work } = input;
  return `${name}-${sha256(canonicalJson(work, 'input')).slice(0, 10)}`;
}

/** Tells whether a run works with the same paths as another. */
export function placesHash({ store, locations }: Where): string {
  return sha256(canonicalJson({ store, locations }, 'input'));
}
