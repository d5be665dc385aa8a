import type { ShardsFacts } from '@radiotracer/corpus';
import type { CalibrationFacts, Verdict } from '@radiotracer/detector';
import type { PublicationFacts, VersionsFacts } from '@radiotracer/marker';
import type { Artifact } from '@radiotracer/store';
import type { NetworkFacts } from '@radiotracer/trainer';

/** A model that was judged; names differ from each other. */
export interface ReportedModel {
  readonly name: string;
  readonly network: Artifact<NetworkFacts>;
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
