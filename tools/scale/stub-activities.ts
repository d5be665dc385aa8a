import { Context } from '@temporalio/activity';
import { sha256, type Artifact } from '@radiotracer/store';
import type { Activities, StageName, StageRequest } from '@radiotracer/workflows';
import { stageVersions } from '@radiotracer/workflows';
import { classNames, imagenet } from './imagenet.ts';

/** One stage that a workflow asked for, and what it was given and gave. */
export interface Call {
  /** Id of the activity: `mark-images-7`. */
  readonly step: string;
  readonly stage: StageName;
  readonly input: StageRequest['input'];
  readonly artifact: Artifact;
}

/**
 * Activities in the place of the real ones: each gives at once an artefact whose reference is as large as a real one
 * of ImageNet, and notes the call. A real worker, a real server and the real workflows see no difference.
 */
export function stubActivities(calls: Call[]): Activities {
  const activity =
    (stage: StageName) =>
    async ({ input }: StageRequest): Promise<Artifact> => {
      const key = sha256(JSON.stringify({ stage, input }));
      const artifact = { stage, key, sha256: key, facts: factsOf[stage](input as never) };
      calls.push({ step: Context.current().info.activityId, stage, input, artifact });
      return artifact;
    };
  return Object.fromEntries(
    (Object.keys(stageVersions) as StageName[]).map((stage) => [stage, activity(stage)]),
  ) as unknown as Activities;
}

const hash = 'f'.repeat(64);
const versionsFacts = (marked: number) => ({
  marked,
  versions: 10,
  carrierUnit: 'image',
  medianPsnrDb: 36.412345678901,
  maxLinf: 8,
  meanCosine: 0.123456789012345,
});
const test = {
  name: 'exact decoy test on reference-corrected losses',
  log10P: -16.4,
  p: '10^-16.4',
  caveat: 'c'.repeat(200),
};

/** Facts in the form of the real ones; see the packages' `types.ts`. */
const factsOf: Readonly<Record<StageName, (input: never) => unknown>> = {
  generate: () => ({}),
  ingest: ({ split }: { readonly split: string }) => ({
    count: split === 'train' ? imagenet.trainImages : imagenet.testImages,
    height: imagenet.size,
    width: imagenet.size,
    classNames,
    shards: split === 'train' ? imagenet.shards : 40,
  }),
  importNetwork: () => ({ classNames }),
  trainLastLayer: ({ network }: { readonly network: Artifact }) => network.facts,
  trainNetwork: ({
    architecture,
    training,
  }: {
    readonly architecture: object;
    readonly training: { epochs: number };
  }) => ({
    architecture,
    classNames,
    epochs: training.epochs,
    testAccuracy: 0.69758,
    testLoss: 1.2472345678901234,
    weightsSha256: hash,
  }),
  chooseImages: ({ marking }: { readonly marking: { readonly markedFraction: number } }) => ({
    marked: Math.round(marking.markedFraction * imagenet.trainImages),
  }),
  markImages: ({ part }: { readonly part: { readonly start: number; readonly end: number } }) =>
    versionsFacts(part.end - part.start),
  joinVersions: ({ parts }: { readonly parts: readonly Artifact<{ readonly marked: number }>[] }) =>
    versionsFacts(parts.reduce((sum, { facts }) => sum + facts.marked, 0)),
  publish: ({ versions }: { readonly versions: Artifact<{ readonly marked: number }> }) => ({
    marked: versions.facts.marked,
    images: imagenet.trainImages,
    publishedDigest: hash,
    commitment: hash,
  }),
  fitReferences: () => ({ references: 2 }),
  askEndpoint: () => ({ answers: 'labels', queries: 1, answersSha256: hash }),
  askOnnx: () => ({ answers: 'logits', queries: 1, modelSha256: hash, testAccuracy: 0.7 }),
  readAnswers: () => ({ answers: 'labels', queries: 1, answersSha256: hash }),
  extractEvidence: ({ versions }: { readonly versions: Artifact<{ readonly marked: number }> }) => ({
    marked: versions.facts.marked,
  }),
  judge: ({ name, log10Level }: { readonly name: string; readonly log10Level: number }) => ({
    name,
    detected: true,
    sentence: 's'.repeat(200),
    log10Level,
    decisive: test,
    others: [test, test, test],
    voidIf: ['v'.repeat(150), 'v'.repeat(150), 'v'.repeat(150)],
    nullDistribution: {
      from: 0,
      to: 1,
      probability: Array.from({ length: 60 }, (_, i) => 1 / (60 + i)),
      observed: 0.5,
    },
  }),
  calibrate: () => ({
    redraws: 1000,
    tests: Array.from({ length: 5 }, () => ({
      test: test.name,
      draws: 2000,
      isUniform: true,
      uniformityLog10P: -0.123456789012345,
    })),
  }),
  writeReport: () => ({ report: 'report.html', summary: 'summary.json' }),
  writeStudy: () => ({ cells: [] }),
};
