import type { AnswersFacts, Calibration, ClassResult, ReadFacts, Verdict } from '@radiotracer/detector';
import type { PublicationFacts, VersionsFacts } from '@radiotracer/marker';
import type { Manifest, RunRecord } from '@radiotracer/store';
import type { NetworkFacts } from '@radiotracer/trainer';
import type { ReportData, StageReport } from './report-data.ts';

/** `summary.json`: everything in the report but the pictures and the curves, for programs. Names no marked row. */
export interface Summary {
  readonly title: string;
  readonly models: readonly (Pick<Verdict, 'name' | 'detected' | 'sentence' | 'log10Level' | 'decisive' | 'others'> &
    Partial<Pick<NetworkFacts, 'testAccuracy' | 'testLoss' | 'weightsSha256' | 'privacy'>> &
    Partial<Pick<ReadFacts, 'answers' | 'answersSha256'>> & { readonly classes: readonly ClassResult[] })[];
  readonly calibration: {
    readonly redraws: number;
    readonly tests: readonly Omit<Calibration['tests'][number], 'quantiles'>[];
  };
  readonly markingNetwork: NetworkFacts;
  readonly marking: VersionsFacts;
  readonly publication: PublicationFacts;
  readonly settings: unknown;
  /** Everything that the report rests on, inputs before what was made of them. */
  readonly stages: readonly (Pick<StageReport, 'role' | 'seeds'> & {
    readonly stage: string;
    readonly stageVersion: number;
    readonly key: string;
    readonly sha256: string;
    readonly files: Manifest['files'];
    readonly run: RunRecord;
  })[];
}

export function summarize({ input, models, calibration, stages }: ReportData): Summary {
  return {
    title: input.title,
    models: models.map(({ name, network, answers, verdict, classes }) => {
      const { detected, sentence, log10Level, decisive, others } = verdict;
      const judged = { name, detected, sentence, log10Level, decisive, others };
      return { ...judged, ...(network && factsOf(network)), ...(answers && answersOf(answers)), classes };
    }),
    calibration: {
      redraws: calibration.redraws,
      tests: calibration.tests.map(({ quantiles: _quantiles, ...test }) => test),
    },
    markingNetwork: input.markingNetwork.facts,
    marking: input.versions.facts,
    publication: input.publication.facts,
    settings: input.settings,
    stages: stages.map(({ artifact: { stage, key, sha256 }, role, seeds, manifest: { version, files }, run }) => ({
      stage,
      stageVersion: version,
      role,
      seeds,
      key,
      sha256,
      files,
      run,
    })),
  };
}

function factsOf({ testAccuracy, testLoss, weightsSha256, privacy }: NetworkFacts): Partial<Summary['models'][number]> {
  return { testAccuracy, testLoss, weightsSha256, ...(privacy && { privacy }) };
}

function answersOf(facts: AnswersFacts): Partial<Summary['models'][number]> {
  const { answers } = facts;
  if (!('modelSha256' in facts)) return { answers, answersSha256: facts.answersSha256 };
  return { answers, testAccuracy: facts.testAccuracy, weightsSha256: facts.modelSha256 };
}
