import type { MarkingSettings } from '@radiotracer/marker';
import { canonicalJson, sha256 } from '@radiotracer/store';
import type { TrainingSettings } from '@radiotracer/trainer';
import type { CorpusInput, ExperimentInput, MarkInput, TrainInput, Where } from '@radiotracer/workflows';
import type { Settings } from './settings.ts';

/*
 * From a person's settings to what the workflows take. Every network has its own seed, derived from one: a control
 * that started from the marking network's weights would be no independent model.
 */

/** What the `experiment` workflow takes. */
export function experimentInput(
  settings: Settings,
  places: Where & { readonly corpus: CorpusInput; readonly keyId: string; readonly title: string },
): ExperimentInput {
  const { training } = trainInput(settings, places);
  return {
    ...places,
    architecture: settings.architecture,
    marking: markingSettings(settings),
    training: {
      marking: markingNetworkTraining(settings),
      suspect: training,
      controls: Array.from({ length: settings.controls }, (_, i) => ({ ...training, seed: settings.seed + 2 + i })),
    },
    log10Level: Math.log10(settings.level),
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
  const { architecture, training, seed } = settings;
  return { store, locations, corpus, architecture, training: { ...training, seed: seed + 1 } };
}

function markingNetworkTraining({ training, markingNetwork, seed }: Settings): TrainingSettings {
  return { ...training, ...markingNetwork, seed };
}

function markingSettings({ marking, seed }: Settings): MarkingSettings {
  return { ...marking, seed };
}

/**
 * The id that a workflow has unless a person gives one: the same for the same work wherever the store lies, so that
 * the same command again finds the run that it began.
 */
export function workflowId(name: string, input: Where): string {
  const { store: _store, locations: _locations, ...work } = input;
  return `${name}-${sha256(canonicalJson(work, 'input')).slice(0, 10)}`;
}

/** Tells whether a run works with the same paths as another. */
export function placesHash({ store, locations }: Where): string {
  return sha256(canonicalJson({ store, locations }, 'input'));
}
