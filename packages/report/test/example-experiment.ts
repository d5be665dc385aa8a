import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { PublicationManifest } from '@radiotracer/carriers';
import { ShardWriter } from '@radiotracer/corpus';
import type { CalibratedTest, Calibration, CalibrationFacts, ClassResult, Verdict } from '@radiotracer/detector';
import type { MarkingRecord } from '@radiotracer/marker';
import { runStage, type Artifact, type RunStore } from '@radiotracer/store';
import type { EpochLog, NetworkFacts } from '@radiotracer/trainer';
import type { WriteReportInput } from '../src/lib/types.ts';

const size = 8;
const images = 40;
const marked = 16;
const versions = 4;
/** Of the second class: what a careless page would run. */
export const hostileName = `<script>alert("x")</script> & 'cat'`;
const classNames = ['dog', hostileName];
const publishedOf = (i: number): number => (i * 7) % versions;
/** Level of every pixel of version v, L∞ v + 1 from the original's 100. */
const levelOf = (v: number): number => 101 + v;

/** A tiny experiment in a store: what an experiment leaves, with made-up results and pixels. */
export async function exampleExperiment(
  store: RunStore,
  { seed, log10P }: { readonly seed?: number; readonly log10P: number } = { log10P: -6.2 },
): Promise<WriteReportInput> {
  const make = <Facts>(name: string, input: object, facts: Facts, write: (dir: string) => Promise<void>) =>
    runStage({ name, version: 1, run: async (_, { outputDir }) => write(outputDir).then(() => facts) }, input, {
      store,
      ...(name === 'trainNetwork' && { software: { radiotracer: '0.1.0', tensorflow: '2.21.0' } }),
    });
  const shards = async (dir: string, count: number, level: (row: number) => number): Promise<void> => {
    const writer = await ShardWriter.create(dir, { height: size, width: size, classNames });
    const imageBytes = size * size * 3;
    const pixels = Uint8Array.from({ length: count * imageBytes }, (_, i) => level(Math.floor(i / imageBytes)));
    await writer.append(
      pixels,
      Int32Array.from({ length: count }, (_, row) => row % 2),
    );
    await writer.close();
  };

  const generated = await make('generate', { seed: 5 }, {}, (dir) => writeFile(join(dir, 'README.md'), 'made up'));
  const shardsFacts = { count: images, height: size, width: size, classNames, shards: 1 };
  const train = await make('ingest', { source: { artifact: generated } }, shardsFacts, (dir) =>
    shards(dir, images, () => 100),
  );

  const network = (seed: number, testAccuracy: number): Promise<Artifact<NetworkFacts>> => {
    const architecture: NetworkFacts['architecture'] = { name: 'resnet18', stem: 'small', width: 8 };
    const facts = { architecture, classNames, epochs: 3, testAccuracy, testLoss: 0.9, weightsSha256: 'ab'.repeat(32) };
    const epoch = (epoch: number): EpochLog => ({
      epoch,
      trainLoss: 1 / epoch,
      trainAccuracy: testAccuracy,
      testLoss: 1.2 / epoch,
      testAccuracy: (testAccuracy * epoch) / 3,
      learningRate: 0.1,
    });
    const log = [1, 2, 3].map((n) => `${JSON.stringify(epoch(n))}\n`).join('');
    return make('trainNetwork', { train, training: { seed }, testAccuracy }, facts, (dir) =>
      writeFile(join(dir, 'log.jsonl'), log),
    );
  };
  const markingNetwork = await network(11, 0.71);

  const marking: MarkingRecord = {
    versions,
    markingNetworkSha256: 'ab'.repeat(32),
    carrierUnit: 'image',
    images: Array.from({ length: marked }, (_, i) => ({
      row: 2 * i + 1,
      label: 1,
      psnrDb: Array.from({ length: versions }, (_, v) => 40 - v),
      linf: Array.from({ length: versions }, (_, v) => v + 1),
      cosine: Array.from({ length: versions }, () => 0.5),
    })),
  };
  const versionsFacts = {
    marked,
    versions,
    carrierUnit: 'image' as const,
    medianPsnrDb: 38.5,
    maxLinf: 4,
    meanCosine: 0.5,
  };
  const marks = await make(
    'markImages',
    { corpus: train, markingNetwork, marking: { seed: 13 } },
    versionsFacts,
    async (dir) => {
      await shards(dir, marked * versions, (row) => levelOf(row % versions));
      await writeFile(join(dir, 'marking.json'), JSON.stringify(marking));
    },
  );
  const manifest: PublicationManifest = {
    keyId: 'cd'.repeat(32),
    split: 'train',
    ...{ classNames, height: size, width: size },
    versions,
    markingNetworkSha256: marking.markingNetworkSha256,
    carrierUnit: 'image',
    images: marking.images.map(({ row, label }, i) => ({ row, label, published: publishedOf(i), versionSha256: [] })),
  };
  const publicationFacts = {
    marked,
    images,
    publishedDigest: 'ef'.repeat(32),
    candidates: '34'.repeat(32),
    commitment: '12'.repeat(32),
  };
  const publication = await make('publish', { versions: marks }, publicationFacts, async (dir) => {
    await mkdir(join(dir, 'private'));
    await writeFile(join(dir, 'private', 'manifest.json'), JSON.stringify(manifest));
  });

  const model = async (name: string, seed: number, log10P: number, testAccuracy: number) => {
    const judged = await network(seed, testAccuracy);
    const evidence = await make('extractEvidence', { suspect: judged, publication }, {}, async () => undefined);
    const verdict = exampleVerdict(name, log10P);
    const artifact = await make('judge', { evidence, name, log10P }, verdict, async (dir) => {
      await writeFile(join(dir, 'verdict.json'), JSON.stringify(verdict));
      await writeFile(join(dir, 'classes.json'), JSON.stringify([exampleClass]));
    });
    return { name, network: judged, evidence, verdict: artifact };
  };
  const models = [
    await model('suspect', seed ?? 17, log10P, 0.7),
    await model('control', seed ?? 19, Math.log10(0.43), seed === undefined ? 0.7 : 0.72),
  ];
  return {
    title: 'Tiny <experiment>',
    settings: { markedFraction: 0.4, keyId: manifest.keyId, training: { epochs: 3 } },
    train,
    markingNetwork,
    versions: marks,
    publication,
    models,
    calibration: await make(
      'calibrate',
      { models: models.map(({ name, evidence }) => ({ name, evidence })) },
      calibrationFacts,
      async (dir) => {
        await writeFile(join(dir, 'calibration.json'), JSON.stringify(exampleCalibration));
      },
    ),
  };
}

const exampleTest: CalibratedTest = {
  test: 'exact decoy test',
  draws: 2000,
  isUniform: true,
  uniformity: { statistic: 0.012, log10P: -0.05 },
  falsePositives: [{ level: 0.05, count: 98, low: 0.04, high: 0.06 }],
  models: [
    { name: 'suspect', asDrawnLog10P: -6.2, uniformityLog10P: -0.3 },
    { name: 'control', asDrawnLog10P: Math.log10(0.43), uniformityLog10P: -0.125 },
  ],
  quantiles: [
    { log10P: -3.1, expectedLog10P: -3.6, lowLog10P: -4.9, highLog10P: -2.7 },
    { log10P: -0.001, expectedLog10P: 0, lowLog10P: -0.002, highLog10P: 0 },
  ],
};
const failed: CalibratedTest = {
  ...exampleTest,
  test: 'loss comparison',
  isUniform: false,
  uniformity: { statistic: 1, log10P: -999 },
  models: exampleTest.models.slice(1),
};
const exampleCalibration: Calibration = { redraws: 1000, tests: [exampleTest, failed] };
const calibrationFacts: CalibrationFacts = { redraws: 1000, tests: [] };

const exampleClass: ClassResult = {
  className: hostileName,
  marked,
  decoyLog10P: -5.25,
  cosine: 0.123,
  cosineLog10P: -2.125,
};

function exampleVerdict(name: string, log10P: number): Verdict {
  const shared = { sampleSize: { images: marked, draws: marked, versions }, assumptions: ['The key is secret.'] };
  return {
    name,
    detected: log10P < -4,
    sentence: `The ${name} was looked at: p = 10^${log10P.toFixed(1)}.`,
    log10Level: -4,
    decisive: { test: 'exact decoy test', log10P, statistic: { name: 'z', value: 4.8 }, ...shared },
    others: [
      { test: 'white-box cosine test', log10P: -3.75, statistic: { name: 'cosine', value: 0.1 }, ...shared },
      {
        test: 'loss comparison',
        log10P: -0.5,
        statistic: { name: 't', value: 0.3 },
        caveat: 'Proves nothing by itself.',
        ...shared,
      },
    ],
    voidIf: ['The key was known.'],
    nullDistribution: { from: -8, to: 8, probability: [0.1, 0.4, 0.4, 0.1], observed: 9.5 },
  };
}
