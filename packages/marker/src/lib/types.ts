import type { CarrierGroup } from '@radiotracer/carriers';
import type { CorpusSource, ShardsFacts } from '@radiotracer/corpus';
import type { Artifact } from '@radiotracer/store';
import type { NetworkFacts } from '@radiotracer/trainer';

/** How images are chosen and marked; `PAPER_MARKING` has the settings of the authors' code. */
export interface MarkingSettings {
  /** Share of the images that is marked, in (0, 1]. */
  readonly markedFraction: number;
  /** Which images of each class: drawn with the key, or those on which the marking network's loss is highest. */
  readonly selection: 'random' | 'hardest';
  /** Versions made of each marked image: one is published, the others are decoys. At least 2. */
  readonly versions: number;
  /** Who shares a carrier, and so a draw: the marked images of a class (the paper), or nobody (`image`). */
  readonly carrierUnit: CarrierGroup['unit'];
  /** L∞ bound, in 8-bit levels. */
  readonly radius: number;
  readonly lambdaFeatureL2: number;
  readonly lambdaImageL2: number;
  readonly optimizer: 'sgd' | 'adam';
  readonly learningRate: number;
  readonly steps: number;
  /** Random crop after padding by this many pixels, and flip, the same draw for an image and its version. */
  readonly cropPadding: number;
  readonly horizontalFlip: boolean;
  /**
   * The format in which marked images are published: `png` (as if left out) or `jpeg:` and a quality in 1..100. All
   * versions go through it, and are what comes back; `radius` is for what goes in.
   */
  readonly encode?: string | undefined;
  readonly seed: number;
}

/** Input of the `chooseImages` stage; `locations.key` says where the key lies. */
export interface ChooseImagesInput {
  readonly keyId: string;
  readonly corpus: Artifact<ShardsFacts>;
  readonly markingNetwork: Artifact<NetworkFacts>;
  readonly marking: Pick<MarkingSettings, 'markedFraction' | 'selection'>;
}

export interface ChosenFacts {
  /** Images to mark. */
  readonly marked: number;
}

/** Input of the `markImages` stage; `locations.key` says where the key lies. */
export interface MarkImagesInput {
  readonly keyId: string;
  readonly corpus: Artifact<ShardsFacts>;
  readonly markingNetwork: Artifact<NetworkFacts>;
  readonly chosen: Artifact<ChosenFacts>;
  /** Which of the chosen images, from 0, in the order of their rows: up to `end`, without it. */
  readonly part: { readonly start: number; readonly end: number };
  readonly marking: MarkingSettings;
}

/** Input of the `joinVersions` stage. */
export interface JoinVersionsInput {
  /** What `markImages` made of the parts of one choice, in their order. */
  readonly parts: readonly Artifact<VersionsFacts>[];
}

export interface VersionsFacts {
  /** Marked images. */
  readonly marked: number;
  readonly versions: number;
  readonly carrierUnit: CarrierGroup['unit'];
  /** Median over the versions that marking changed, in dB. */
  readonly medianPsnrDb: number;
  /** Largest |x̃ − x| over all versions, in 8-bit levels. */
  readonly maxLinf: number;
  /** Mean cosine of φ(x̃) − φ(x) with the carrier, over all versions. */
  readonly meanCosine: number;
}

/** `marking.json` beside the versions' shards; row i·V + v of the shards is version v of marked image i. */
export interface MarkingRecord {
  readonly versions: number;
  readonly carrierUnit: CarrierGroup['unit'];
  /** Of the weights' file. */
  readonly markingNetworkSha256: string;
  readonly images: readonly {
    /** Row in the corpus' split. */
    readonly row: number;
    readonly label: number;
    /** By version, in dB; null where the version equals its image (JSON has no infinity). */
    readonly psnrDb: readonly (number | null)[];
    /** Largest |x̃ − x| by version, in 8-bit levels. */
    readonly linf: readonly number[];
    /** cos(φ(x̃) − φ(x), u) by version, without crop or mirror; 0 where nothing changed. */
    readonly cosine: readonly number[];
    /** Lengths of the files in `versions.bin`, by version; left out where versions are published as PNG. */
    readonly fileBytes?: readonly number[];
  }[];
}

/** Input of the `publish` stage; `locations.key` and, for a corpus outside the store, `locations.corpus`. */
export interface PublishInput {
  readonly keyId: string;
  readonly versions: Artifact<VersionsFacts>;
  readonly source: CorpusSource;
  readonly split: string;
  /** Where a public beacon draws, see `drawPublished`. */
  readonly beacon?: string;
}

export interface PublicationFacts {
  readonly marked: number;
  readonly images: number;
  /** Digest of the published corpus. */
  readonly publishedDigest: string;
  /** `candidatesDigest` of what was drawn from, to be made public before a beacon draws. */
  readonly candidates: string;
  /** Hex commitment to key and manifest, to be made public before the release. */
  readonly commitment: string;
}
