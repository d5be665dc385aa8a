import type { GeneratedFacts, GenerateInput, IngestInput, ShardsFacts } from '@radiotracer/corpus';
import type {
  AnswersFacts,
  AskEndpointInput,
  AskOnnxInput,
  CalibrateInput,
  CalibrationFacts,
  ExtractEvidenceInput,
  FitReferencesInput,
  JudgeInput,
  ReadAnswersInput,
  ReferencesFacts,
  RunFacts,
  Verdict,
} from '@radiotracer/detector';
import type {
  ChooseImagesInput,
  ChosenFacts,
  JoinVersionsInput,
  MarkImagesInput,
  PublicationFacts,
  PublishInput,
  VersionsFacts,
} from '@radiotracer/marker';
import type { ReportFacts, StudyFacts, WriteReportInput, WriteStudyInput } from '@radiotracer/report';
import type { Artifact } from '@radiotracer/store';
import type { ImportNetworkInput, NetworkFacts, TrainLastLayerInput, TrainNetworkInput } from '@radiotracer/trainer';

/** Input and facts of each stage, by the stage's name. */
export interface StageTypes {
  generate: { input: GenerateInput; facts: GeneratedFacts };
  ingest: { input: IngestInput; facts: ShardsFacts };
  trainNetwork: { input: TrainNetworkInput; facts: NetworkFacts };
  importNetwork: { input: ImportNetworkInput; facts: NetworkFacts };
  trainLastLayer: { input: TrainLastLayerInput; facts: NetworkFacts };
  chooseImages: { input: ChooseImagesInput; facts: ChosenFacts };
  markImages: { input: MarkImagesInput; facts: VersionsFacts };
  joinVersions: { input: JoinVersionsInput; facts: VersionsFacts };
  publish: { input: PublishInput; facts: PublicationFacts };
  fitReferences: { input: FitReferencesInput; facts: ReferencesFacts };
  askEndpoint: { input: AskEndpointInput; facts: AnswersFacts };
  askOnnx: { input: AskOnnxInput; facts: RunFacts };
  readAnswers: { input: ReadAnswersInput; facts: AnswersFacts };
  extractEvidence: { input: ExtractEvidenceInput; facts: { readonly marked: number } };
  judge: { input: JudgeInput; facts: Verdict };
  calibrate: { input: CalibrateInput; facts: CalibrationFacts };
  writeReport: { input: WriteReportInput; facts: ReportFacts };
  writeStudy: { input: WriteStudyInput; facts: StudyFacts };
}

export type StageName = keyof StageTypes;
export type StageInput<Name extends StageName> = StageTypes[Name]['input'];
export type StageArtifact<Name extends StageName> = Artifact<StageTypes[Name]['facts']>;

/** Where a workflow's work lies. Neither is part of what it computes. */
export interface Where {
  /** Folder of the run store, shared by all workers. */
  readonly store: string;
  /** Paths of what is not an artefact: `corpus`, `key`, `keys`, `network`. Paths only, never what lies there. */
  readonly locations: Readonly<Record<string, string>>;
}

/** What an activity is given: references, never pixels, weights or keys. */
export interface StageRequest<Name extends StageName = StageName> extends Where {
  /** Of the stage, see `stageVersions`. */
  readonly version: number;
  readonly input: StageInput<Name>;
}

/** One activity for each stage, under the stage's name. */
export type Activities = {
  [Name in StageName]: (request: StageRequest<Name>) => Promise<StageArtifact<Name>>;
};
