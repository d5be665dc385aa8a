import type { GenerateInput, ShardsFacts } from '@radiotracer/corpus';
import type { AnswersFacts, CalibrationFacts, EndpointIdentity, OnnxIdentity, Verdict } from '@radiotracer/detector';
import type { MarkingSettings, PublicationFacts, VersionsFacts } from '@radiotracer/marker';
import type { ReportFacts, StudiedExperiment, StudyFacts } from '@radiotracer/report';
import type { Artifact } from '@radiotracer/store';
import type { Architecture, NetworkFacts, PrivacySettings, TrainingSettings } from '@radiotracer/trainer';
import type { Where } from './activities.ts';

/** Which images: the generated corpus, or a folder (`locations.corpus`) named by the digest of its content. */
export type CorpusInput =
  | { readonly generate: GenerateInput }
  | {
      readonly digest: string;
      readonly trainSplit: string;
      readonly testSplit: string;
      /** Size of the decoded images; by default the corpus' own. */
      readonly height?: number;
      readonly width?: number;
    };

/** Input of the `mark` workflow; `locations.key` says where the key lies. */
export interface MarkInput extends Where {
  readonly corpus: CorpusInput;
  /** Hash that names the secret key. */
  readonly keyId: string;
  readonly architecture: Architecture;
  /** How the marking network is trained. */
  readonly training: TrainingSettings;
  readonly marking: MarkingSettings;
  /** Where a public beacon draws the published versions: its value. */
  readonly beacon?: string;
}

/** Everything that detection needs besides the suspect. */
export interface MarkResult {
  /** Shards of the clean corpus. */
  readonly train: Artifact<ShardsFacts>;
  readonly test: Artifact<ShardsFacts>;
  readonly markingNetwork: Artifact<NetworkFacts>;
  readonly versions: Artifact<VersionsFacts>;
  readonly publication: Artifact<PublicationFacts>;
}

/** Input of the `train` workflow: one network on one corpus. */
export interface TrainInput extends Where {
  readonly corpus: CorpusInput;
  readonly architecture: Architecture;
  readonly training: TrainingSettings;
}

export interface TrainResult {
  readonly train: Artifact<ShardsFacts>;
  readonly test: Artifact<ShardsFacts>;
  readonly network: Artifact<NetworkFacts>;
}

/**
 * A model to be judged, and what to call it: "suspect", "control". Names differ from each other. It is a network in the
 * store, the safetensors or ONNX file of one that was trained elsewhere (`locations.network`), known by a table of its
 * answers (`locations.answers`), or asked over HTTP (`locations.endpoint`).
 */
export type NamedModel = { readonly name: string } & (
  | { readonly network: Artifact<NetworkFacts> }
  | { readonly weightsSha256: string }
  | { readonly onnx: OnnxIdentity }
  | { readonly tableSha256: string }
  | { readonly endpoint: EndpointIdentity }
);

/** Input of the `detect` workflow; `locations.key` says where the key lies. */
export interface DetectInput extends Where {
  readonly keyId: string;
  readonly marked: MarkResult;
  readonly models: readonly NamedModel[];
  /** log10 of the level below which the verdict is "detected", fixed before looking. */
  readonly log10Level: number;
  /**
   * Where the anytime-valid test decides, and not the exact one: how many looks are planned. An endpoint is then asked no more
   * than makes the verdict sure over so many looks.
   */
  readonly anytime?: { readonly looks: number };
  /** Heads the report. */
  readonly title: string;
}

export interface JudgedModel {
  readonly name: string;
  /** What was judged: one of the two. */
  readonly network?: Artifact<NetworkFacts>;
  readonly answers?: Artifact<AnswersFacts>;
  readonly evidence: Artifact<{ readonly marked: number }>;
  readonly verdict: Artifact<Verdict>;
}

export interface DetectResult {
  /** In the order of the input. */
  readonly models: readonly JudgedModel[];
  readonly calibration: Artifact<CalibrationFacts>;
  readonly report: Artifact<ReportFacts>;
}

/** Input of the `experiment` workflow: the whole chain, with controls that never saw the marks. */
export interface ExperimentInput extends Where {
  readonly corpus: CorpusInput;
  readonly keyId: string;
  /** Of the marking network, and of the others unless they have their own. */
  readonly architecture: Architecture;
  /** Of suspect and controls, where it is another. */
  readonly suspectArchitecture?: Architecture;
  readonly marking: MarkingSettings;
  readonly beacon?: string;
  /** What suspect and controls train: all of a network, or the last layer on the marking network's features. */
  readonly layers: 'all' | 'last';
  readonly training: {
    readonly marking: TrainingSettings;
    readonly suspect: TrainingSettings;
    /** One for each clean model, at least one; they should differ in their seeds. */
    readonly controls: readonly TrainingSettings[];
    /** On the clean corpus, of the network that suspect and controls start from where they fine-tune one. */
    readonly pretraining?: TrainingSettings;
  };
  /**
   * Where suspect and controls are students: each learns on the clean corpus, from a teacher of its own. The suspect's
   * teacher is trained on the published corpus, a control's on the clean one, both as the marking network's architecture.
   */
  readonly distillation?: { readonly temperature: number; readonly teacher: Omit<TrainingSettings, 'seed'> };
  /** Where the last layers of suspect and controls are trained by DP-SGD, each with the seed of its training. */
  readonly privacy?: PrivacySettings;
  readonly log10Level: number;
  readonly title: string;
}

/** `models` holds the suspect, then `control`, `control-2`, …. */
export interface ExperimentResult extends MarkResult, DetectResult {
  /** Shards of the published corpus, on which the suspect was trained. */
  readonly published: Artifact<ShardsFacts>;
}

/** One cell of a study's grid: the settings of its experiments. */
export interface SweepCell {
  /** What sets it apart from the others, by the path of the setting: `{ 'marking.markedFraction': 0.01 }`. */
  readonly varied: StudiedExperiment['varied'];
  /** The same for people: "markedFraction 0.01"; empty where nothing varies. */
  readonly name: string;
  /** The seeds in it are those of no run, but for the marking network's. */
  readonly experiment: Pick<
    ExperimentInput,
    | 'architecture'
    | 'suspectArchitecture'
    | 'marking'
    | 'beacon'
    | 'layers'
    | 'training'
    | 'distillation'
    | 'privacy'
    | 'log10Level'
  >;
}

/** What makes one repetition of an experiment independent of the others. */
export interface SweepRun {
  readonly keyId: string;
  /** Of the marking, the suspect and the first control: pairs of equal seeds show what marking costs in accuracy. */
  readonly seed: number;
}

/**
 * Input of the `sweep` workflow: an experiment for each cell and run. The key of run n, from 1, is the file
 * `run-<n>.key` in the folder `locations.keys`.
 */
export interface SweepInput extends Where {
  readonly title: string;
  readonly corpus: CorpusInput;
  readonly cells: readonly SweepCell[];
  readonly runs: readonly SweepRun[];
  /** Experiments that go on at once, at least 1. */
  readonly concurrency: number;
}

export interface SweepResult {
  /** The table and the page. */
  readonly study: Artifact<StudyFacts>;
  /** Cell by cell, the runs of each in their order. */
  readonly experiments: readonly StudiedExperiment[];
}
