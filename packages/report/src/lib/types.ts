import type { ShardsFacts } from '@radiotracer/corpus';
import type { AnswersFacts, CalibrationFacts, Verdict } from '@radiotracer/detector';
import type { PublicationFacts, VersionsFacts } from '@radiotracer/marker';
import type { Artifact } from '@radiotracer/store';
import type { NetworkFacts } from '@radiotracer/trainer';

/** A model that was judged; names differ from each other. */
export interface ReportedModel {
  readonly name: string;
  /** What was judged: a network of ours, or what another suspect answered. */
  readonly network?: Artifact<NetworkFacts>;
  readonly answers?: Artifact<AnswersFacts>;
  readonly evidence: Artifact;
  readonly verdict: Artifact<Verdict>;
}

/** Input of the `writeReport` stage: every artefact of an experiment. */
export interface WriteReportInput {
  readonly title: string;
  /** JSON, shown as it is. */
  readonly settings: unknown;
  readonly versions: Artifact<VersionsFacts>;
  readonly publication: Artifact<PublicationFacts>;
  /** The clean corpus, for the originals of marked images. */
  readonly train: Artifact<ShardsFacts>;
  readonly markingNetwork: Artifact<NetworkFacts>;
  readonly models: readonly ReportedModel[];
  readonly calibration: Artifact<CalibrationFacts>;
}

/** Names of the files of the `writeReport` stage. */
export interface ReportFacts {
  readonly report: string;
  readonly summary: string;
}

/** One experiment of a study: its report, or else the line that says why it failed. */
export interface StudiedExperiment {
  /** What sets its cell of the grid apart, by the path of the setting: `{ 'marking.markedFraction': 0.01 }`. */
  readonly varied: Readonly<Record<string, unknown>>;
  /** The same for people: "markedFraction 0.01"; empty where nothing varies. */
  readonly cell: string;
  /** From 1; the runs of a cell differ in key and seeds. */
  readonly run: number;
  readonly report?: Artifact<ReportFacts>;
  readonly failure?: string;
}

/** Input of the `writeStudy` stage. */
export interface WriteStudyInput {
  readonly title: string;
  /** Cell by cell; every cell varies the same settings. */
  readonly experiments: readonly StudiedExperiment[];
}

/** What came out in one cell of a study; p-values as log10, null where there are none. */
export interface CellFacts {
  readonly cell: string;
  readonly failed: number;
  readonly suspects: CellModels;
  readonly controls: CellModels;
  /** Test accuracy of suspects less that of the control of the same seed. */
  readonly accuracyDifference: {
    readonly pairs: number;
    readonly mean: number | null;
    /** Half the width of Student's 95% interval; null below two pairs. */
    readonly halfWidth: number | null;
  };
}

export interface CellModels {
  readonly count: number;
  readonly detected: number;
  readonly medianLog10P: number | null;
  readonly leastLog10P: number | null;
  readonly greatestLog10P: number | null;
}

export interface StudyFacts {
  readonly cells: readonly CellFacts[];
}
