import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { PublicationManifest } from '@radiotracer/carriers';
import { ImageShards } from '@radiotracer/corpus';
import type { AnswersFacts, Calibration, ClassResult, Verdict } from '@radiotracer/detector';
import type { MarkingRecord } from '@radiotracer/marker';
import type { Artifact, StageContext } from '@radiotracer/store';
import type { EpochLog, NetworkFacts } from '@radiotracer/trainer';
import { makeGallery, type GalleryImage } from './gallery.ts';
import { leaves, readLineage, type Origin } from './lineage.ts';
import type { TrainingLog } from './training-plot.ts';
import type { ReportedModel, WriteReportInput } from './types.ts';

/** A judged model with all that is told of it. */
export interface ModelReport {
  readonly name: string;
  /** Of a network of ours. */
  readonly network?: NetworkFacts;
  /** Of a suspect that only answered. */
  readonly answers?: AnswersFacts;
  readonly verdict: Verdict;
  readonly classes: readonly ClassResult[];
}

/** An artefact that the report rests on. */
export interface StageReport extends Origin {
  /** Whose it is, such as "suspect"; empty where there is only one of its kind. */
  readonly role: string;
  /** Every setting of the stage called `seed`, by its path in the stage's input. */
  readonly seeds: readonly { readonly path: string; readonly seed: unknown }[];
}

/** All that the page and the summary say, read from the store; neither reads anything else. */
export interface ReportData {
  readonly input: WriteReportInput;
  readonly models: readonly ModelReport[];
  /** Of the marking network and of every model that was trained here. */
  readonly logs: readonly TrainingLog[];
  readonly gallery: readonly GalleryImage[];
  readonly calibration: Calibration;
  /** Inputs before what was made of them. */
  readonly stages: readonly StageReport[];
}

type Open = StageContext['open'];

/** Reads every artefact of an experiment, and what those were made from. */
export async function readReportData(input: WriteReportInput, open: Open): Promise<ReportData> {
  const { train, markingNetwork, versions, publication, models, calibration } = input;
  const judged = models.flatMap(artifactsOf);
  const lineage = await readLineage([train, markingNetwork, versions, publication, ...judged, calibration], open);
  return {
    input,
    models: await Promise.all(
      models.map(async ({ name, network, answers, verdict }) => ({
        name,
        ...(network && { network: network.facts }),
        ...(answers && { answers: answers.facts }),
        verdict: JSON.parse(await readText(open, verdict, 'verdict.json')) as Verdict,
        classes: JSON.parse(await readText(open, verdict, 'classes.json')) as ClassResult[],
      })),
    ),
    logs: await readLogs([{ name: 'marking network', network: markingNetwork }, ...models], open),
    calibration: JSON.parse(await readText(open, calibration, 'calibration.json')) as Calibration,
    gallery: await readGallery(input, open),
    stages: lineage.map((origin) => ({
      ...origin,
      role: roleOf(input, origin.artifact.key),
      seeds: leaves(origin.manifest.input)
        .filter(({ path }) => /(^|\.)seed$/.test(path))
        .map(({ path, value }) => ({ path, seed: value })),
    })),
  };
}

/** A suspect that only answered has no log, a network that was trained elsewhere an empty one. */
async function readLogs(
  models: readonly { readonly name: string; readonly network?: Artifact }[],
  open: Open,
): Promise<TrainingLog[]> {
  const logs = models.map(async ({ name, network }) => ({
    name,
    epochs: network ? parseLines<EpochLog>(await readText(open, network, 'log.jsonl')) : [],
  }));
  return (await Promise.all(logs)).filter(({ epochs }) => epochs.length > 0);
}

async function readGallery({ train, versions, publication }: WriteReportInput, open: Open): Promise<GalleryImage[]> {
  const marking = JSON.parse(await readText(open, versions, 'marking.json')) as MarkingRecord;
  const manifest = JSON.parse(await readText(open, publication, 'private/manifest.json')) as PublicationManifest;
  const trainShards = await ImageShards.open(await open(train));
  const versionShards = await ImageShards.open(await open(versions));
  try {
    return makeGallery(trainShards, versionShards, marking, manifest);
  } finally {
    trainShards.close();
    versionShards.close();
  }
}

function roleOf({ train, markingNetwork, models }: WriteReportInput, key: string): string {
  const owners = [
    { name: 'clean corpus', artifacts: [train] },
    { name: 'marking network', artifacts: [markingNetwork] },
    ...models.map((model) => ({ name: model.name, artifacts: artifactsOf(model) })),
  ];
  const owning = owners.filter(({ artifacts }) => artifacts.some((artifact) => artifact.key === key));
  return owning.map(({ name }) => name).join(', ');
}

function artifactsOf({ network, answers, evidence, verdict }: ReportedModel): Artifact[] {
  return [network, answers, evidence, verdict].filter((artifact) => artifact !== undefined);
}

async function readText(open: Open, artifact: Artifact, file: string): Promise<string> {
  return readFile(join(await open(artifact), file), 'utf8');
}

function parseLines<T>(text: string): T[] {
  const lines = text.split('\n').filter((line) => line !== '');
  return lines.map((line) => JSON.parse(line) as T);
}
