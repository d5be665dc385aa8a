import type { ShardsFacts } from '@radiotracer/corpus';
import type { PublicationFacts, VersionsFacts } from '@radiotracer/marker';
import type { Artifact } from '@radiotracer/store';
import type { NetworkFacts } from '@radiotracer/trainer';
import type { AnswerKind } from './answer.ts';
import type { DecidingTest } from './deciding-tests.ts';
import type { AnsweredSuspect } from './kept-answers.ts';

/** Input of the `extractEvidence` stage; `locations.key` says where the key lies. */
export interface ExtractEvidenceInput {
  readonly keyId: string;
  /** A network of ours, or what another suspect answered. */
  readonly suspect: Artifact<NetworkFacts> | AnsweredSuspect;
  /** The marking network: reference for losses, and the feature space of the carriers. */
  readonly markingNetwork: Artifact<NetworkFacts>;
  /** Made of the marking network and the clean corpus; for a network's white-box tests, other answers need none. */
  readonly references?: Artifact<ReferencesFacts>;
  readonly versions: Artifact<VersionsFacts>;
  readonly publication: Artifact<PublicationFacts>;
  /** The clean corpus: its unmarked rows are what marked rows are compared with. */
  readonly train: Artifact<ShardsFacts>;
  /** Clean images that align the two feature spaces. */
  readonly test: Artifact<ShardsFacts>;
}

/** Input of the `fitReferences` stage. */
export interface FitReferencesInput {
  readonly markingNetwork: Artifact<NetworkFacts>;
  readonly train: Artifact<ShardsFacts>;
  /** One for each reference; as in `TrainingSettings`. */
  readonly weightDecays: readonly number[];
}

export interface ReferencesFacts {
  readonly references: number;
}

/** All that the tests need; whoever has it can judge again without TensorFlow. Losses are cross-entropies in nats. */
export interface Evidence {
  readonly suspect: KnownSuspect;
  /** What was committed to before the release. */
  readonly commitment: string;
  readonly classNames: readonly string[];
  readonly marked: {
    readonly label: readonly number[]; // [n]
    /** Images with the same number share one draw of the published version. */
    readonly group: readonly number[]; // [n]
    readonly published: readonly number[]; // [n], in 0..V−1
    readonly suspectLoss: readonly (readonly number[])[]; // [n][V]
    readonly referenceLoss: readonly (readonly number[])[]; // [n][V]
  };
  /** Over how many views of an image losses are means, see `views`; 1 where left out. */
  readonly views?: number | undefined;
  /** How many draws the publication has, where the suspect was asked about the first of them only: those in `marked`. */
  readonly totalDraws?: number | undefined;
  /** Clean images of the training split, unmarked: the paper's comparison. None of a suspect that only answered. */
  readonly unmarked: {
    readonly label: readonly number[];
    readonly suspectLoss: readonly number[];
  };
  /** Of a network whose weights lie open, or that was asked about clean images too. */
  readonly whiteBox?: WhiteBoxEvidence | undefined;
}

/** Which suspect it is, by the key of its artefact, and what is known of it. Hex SHA-256 of files. */
export type KnownSuspect = { readonly key: string } & (
  | { readonly weightsSha256: string }
  /** Of one that only answered: what it answered, and the file that holds the answers. */
  | { readonly answers: AnswerKind; readonly answersSha256: string }
);

/** The suspect's class weights in the marking network's feature space. */
export interface WhiteBoxEvidence {
  /** Feature size of the marking network, the dimension of the carriers. */
  readonly dimension: number;
  /** cos(A w_c, u_c) by class; null where no image of the class is marked, or A w_c is 0: then w_c has no direction. */
  readonly cosine: readonly (number | null)[];
  /**
   * A w_c by class, as base64 of little-endian float32, [classes, dimension]: with the key, or with carriers of
   * anybody's, the test can be done again. Evidence from before version 4 lacks it.
   */
  readonly alignedWeights?: string | undefined;
  /** Class weights of each reference, in the same form; evidence from before version 5 lacks them. */
  readonly referenceWeights?: readonly string[] | undefined;
  /** As `cosine`, of what A w_c has beyond them: see `excessWeights`. */
  readonly excessCosine?: readonly (number | null)[] | undefined;
  /**
   * R² of the least-squares alignment A on images that it was not fitted to, over the suspect's features, or over the
   * logits that stand in for them; null where they do not vary.
   */
  readonly heldOutR2: number | null;
  /** Where the suspect's weights were not seen: the answers from which A w_c was inferred, see `inferredLastLayer`. */
  readonly inferredFrom?: 'logits' | 'probabilities' | undefined;
}

/** One test's answer. */
export interface TestResult {
  readonly test: string;
  /** log10 of the one-sided p-value, ≤ 0. */
  readonly log10P: number;
  readonly statistic: { readonly name: string; readonly value: number };
  /** Such as `{ images: 50, versions: 10 }`. */
  readonly sampleSize: Readonly<Record<string, number>>;
  readonly assumptions: readonly string[];
  /** Said beside the result wherever it is shown, such as why it proves nothing by itself. */
  readonly caveat?: string;
}

/** Input of the `judge` stage. */
export interface JudgeInput {
  readonly evidence: Artifact<{ readonly marked: number }>;
  /** What to call the model: "suspect", "control". */
  readonly name: string;
  /** log10 of the level below which the verdict is "detected", fixed before looking. */
  readonly log10Level: number;
  /** The test that decides, fixed before looking. */
  readonly test: DecidingTest;
}

/** Facts of the `judge` stage, and its `verdict.json`. */
export interface Verdict {
  readonly name: string;
  readonly detected: boolean;
  /** For people: what was found, how sure, by which test. */
  readonly sentence: string;
  readonly log10Level: number;
  /** The test that carries the verdict. */
  readonly decisive: TestResult;
  /** What else the evidence allows; none of it moves the verdict. */
  readonly others: readonly TestResult[];
  /** What would make the verdict void. */
  readonly voidIf: readonly string[];
  /** Null distribution of the exact test's statistic where that decides, for the plot: equal bins with their probabilities. */
  readonly nullDistribution?: {
    readonly from: number;
    readonly to: number;
    readonly probability: readonly number[];
    readonly observed: number;
  };
}

/** Input of the `calibrate` stage. */
export interface CalibrateInput {
  readonly models: readonly { readonly name: string; readonly evidence: Artifact }[];
}

/** Whether the p-values of the tests are true, in `calibration.json`. */
export interface Calibration {
  /** How often the publication of each model was drawn anew. */
  readonly redraws: number;
  readonly tests: readonly CalibratedTest[];
}

/** One test's p-values on redrawn publications, all models taken together. All p-values as log10. */
export interface CalibratedTest {
  readonly test: string;
  /** How many p-values there are. */
  readonly draws: number;
  /** Whether Kolmogorov–Smirnov's test finds them uniform (p ≥ 0.001). */
  readonly isUniform: boolean;
  readonly uniformity: { readonly statistic: number; readonly log10P: number };
  /** How many p-values are ≤ level, and a 95 % interval of their share (Clopper–Pearson). */
  readonly falsePositives: readonly {
    readonly level: number;
    readonly count: number;
    readonly low: number;
    readonly high: number;
  }[];
  readonly models: readonly {
    readonly name: string;
    /** Of the publication as it was drawn. One key serves all models, so these are no independent numbers. */
    readonly asDrawnLog10P: number;
    /** Of Kolmogorov–Smirnov's test on this model's redraws. */
    readonly uniformityLog10P: number;
  }[];
  /** For a plot: some of the sorted p-values, what is expected in their place, and where 95 % of them would lie. */
  readonly quantiles: readonly {
    readonly log10P: number;
    readonly expectedLog10P: number;
    readonly lowLog10P: number;
    readonly highLog10P: number;
  }[];
}

/** Facts of the `calibrate` stage. */
export interface CalibrationFacts {
  readonly redraws: number;
  readonly tests: readonly (Pick<CalibratedTest, 'test' | 'draws' | 'isUniform'> & {
    readonly uniformityLog10P: number;
  })[];
}

/** The tests within one class, in `classes.json` beside the verdict; null where a test does not apply. */
export interface ClassResult {
  readonly className: string;
  /** Marked images. */
  readonly marked: number;
  /** Exact decoy test on the reference-corrected losses of this class; null where the suspect was not asked about all. */
  readonly decoyLog10P: number | null;
  readonly cosine: number | null;
  readonly cosineLog10P: number | null;
}
