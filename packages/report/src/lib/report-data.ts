import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ImageShards } from '@radiotracer/corpus';
import type { ClassResult, Verdict } from '@radiotracer/detector';
import type { MarkingRecord, PublicationManifest } from '@radiotracer/marker';
import type { Artifact, StageContext } from '@radiotracer/store';
import type { EpochLog, NetworkFacts } from '@radiotracer/trainer';
import { makeGallery, type GalleryImage } from './gallery.ts';
import { leaves, readLineage, type Origin } from './lineage.ts';
import type { TrainingLog } from './training-plot.ts';
import type { WriteReportInput } from './types.ts';

/** A judged model with all that is told of it. */
export interface ModelReport {
  readonly name: string;
  readonly network: NetworkFacts;
  readonly verdict: Verdict;
  readonly classes: readonly ClassResult[];
}

/** All that the page and the summary say, read from the store; neither reads anything else. */
export interface ReportData {
  readonly input: WriteReportInput;
  readonly models: readonly ModelReport[];
  /** Of the marking network and of every model. */
  readonly logs: readonly TrainingLog[];
  readonly gallery: readonly GalleryImage[];
  readonly lineage: readonly (Origin & {
    /** Such as "suspect"; empty if there is only one of its kind. */ role: string;
  })[];
  readonly seeds: readonly {
    readonly stage: string;
    readonly role: string;
    readonly path: string;
    readonly seed: number;
  }[];
}

/** Reads every artefact of an experiment, and what those were made from. */
export async function readReportData(input: WriteReportInput, open: StageContext['open']): Promise<ReportData> {
  const readJson = async <T>(artifact: Artifact, file: string): Promise<T> =>
    JSON.parse(await readFile(join(await open(artifact), file), 'utf8')) as T;
  const readLog = async (name: string, network: Artifact): Promise<TrainingLog> => {
    const text = await readFile(join(await open(network), 'log.jsonl'), 'utf8');
    return {
      name,
      epochs: text
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as EpochLog),
    };
  };

  const models = await Promise.all(
    input.models.map(async ({ name, network, verdict }) => ({
      name,
      network: network.facts,
      verdict: await readJson<Verdict>(verdict, 'verdict.json'),
      classes: await readJson<ClassResult[]>(verdict, 'classes.json'),
    })),
  );
  const lineage = (await readLineage(artifactsOf(input), open)).map((origin) => ({
    ...origin,
    role: roleOf(input, origin.artifact.key),
  }));
  return {
    input,
    models,
    logs: await Promise.all([
      readLog('marking network', input.markingNetwork),
      ...input.models.map(({ name, network }) => readLog(name, network)),
    ]),
    gallery: await readGallery(input, open, readJson),
    lineage,
    seeds: lineage.flatMap(({ artifact: { stage }, role, manifest }) =>
      leaves(manifest.input).flatMap(({ path, value }) =>
        /(^|\.)seed$/.test(path) && typeof value === 'number' ? { stage, role, path, seed: value } : [],
      ),
    ),
  };
}

function artifactsOf({ train, markingNetwork, versions, publication, models }: WriteReportInput): Artifact[] {
  const judged = models.flatMap(({ network, evidence, verdict }) => [network, evidence, verdict]);
  return [train, markingNetwork, versions, publication, ...judged];
}

function roleOf({ train, markingNetwork, models }: WriteReportInput, key: string): string {
  const roles = models.flatMap(({ name, network, evidence, verdict }) =>
    [network, evidence, verdict].some((artifact) => artifact.key === key) ? name : [],
  );
  if (key === markingNetwork.key) roles.unshift('marking network');
  if (key === train.key) roles.unshift('clean corpus');
  return roles.join(', ');
}

async function readGallery(
  { train, versions, publication }: WriteReportInput,
  open: StageContext['open'],
  readJson: <T>(artifact: Artifact, file: string) => Promise<T>,
): Promise<GalleryImage[]> {
  const trainShards = await ImageShards.open(await open(train));
  const versionShards = await ImageShards.open(await open(versions));
  try {
    const marking = await readJson<MarkingRecord>(versions, 'marking.json');
    const manifest = await readJson<PublicationManifest>(publication, 'private/manifest.json');
    return makeGallery(trainShards, versionShards, marking, manifest);
  } finally {
    trainShards.close();
    versionShards.close();
  }
}
