import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { PublicationManifest } from '@radiotracer/carriers';
import { ImageShards } from '@radiotracer/corpus';
import { runStage, sha256 } from '@radiotracer/store';
import { openNetwork } from '@radiotracer/trainer';

import { directLosses, directOutput } from '../../test/direct-computation.ts';
import { tinyExperiment, type TinyExperiment, VERSIONS } from '../../test/tiny-experiment.ts';
import { grouped } from './grouped.ts';
import { judge, judgeEvidence } from './judge.ts';
import type { AnsweredSuspect, ReadFacts } from './kept-answers.ts';
import { queriesOf, type Query, viewQueriesOf } from './queries.ts';
import { readAnswers } from './read-answers.ts';
import type { Evidence } from './types.ts';
import { views } from './views.ts';

jest.setTimeout(60_000);

let experiment: TinyExperiment;
let folder: string;
let queries: readonly Query[];
/** The suspect's, of every query. */
let logits: number[][];
/** The suspect's and the marking network's, of every version as it is. */
let suspectLoss: number[];
let referenceLoss: number[];
/** From its weights. */
let evidence: Evidence;
beforeAll(async () => {
  experiment = await tinyExperiment({ carrierUnit: 'image' });
  folder = await mkdtemp(join(tmpdir(), 'radiotracer-answers-'));
  const { input, store, key } = experiment;
  const manifest = JSON.parse(await experiment.manifest()) as PublicationManifest;
  queries = queriesOf(manifest, key, input.publication.facts.commitment);
  const network = openNetwork(store.folder(input.suspect));
  const versions = await ImageShards.open(store.folder(input.versions));
  const reference = openNetwork(store.folder(input.markingNetwork));
  logits = directOutput(network, versions).logits;
  suspectLoss = directLosses(network, versions);
  referenceLoss = directLosses(reference, versions);
  network.dispose();
  reference.dispose();
  versions.close();
  evidence = await evidenceOf(await experiment.extract());
});
afterAll(async () => {
  await experiment.remove();
  await rm(folder, { recursive: true });
});

async function evidenceOf(artifact: Parameters<TinyExperiment['store']['folder']>[0]): Promise<Evidence> {
  return JSON.parse(await readFile(join(experiment.store.folder(artifact), 'evidence.json'), 'utf8')) as Evidence;
}

/** Reads a table; the rows come backwards, as their order must not matter. */
async function read(header: string, line: (query: Query, i: number) => string): Promise<AnsweredSuspect> {
  return readText([header, ...queries.map(line).reverse()].join('\n'));
}

async function readText(text: string): Promise<AnsweredSuspect> {
  const answers = join(folder, 'answers.csv');
  await writeFile(answers, text);
  const { store, locations, input } = experiment;
  const { keyId, publication, train } = input;
  const named = { keyId, publication, train, tableSha256: sha256(text) };
  return runStage(readAnswers, named, { store, locations: { ...locations, answers } });
}

const cells = (values: readonly number[]): string => values.join(',');
const probabilities = (z: readonly number[]): number[] => {
  const total = z.reduce((sum, each) => sum + Math.exp(each), 0);
  return z.map((each) => Math.exp(each) / total);
};

describe('a table of the suspect’s answers', () => {
  it.each([
    ['logits', 'id,logit_0,logit_1,logit_2', ({ id }: Query, i: number) => `${id},${cells(logits[i] as number[])}`],
    [
      'probabilities',
      'id,probabilities',
      ({ id }: Query, i: number) => `${id},"[${cells(probabilities(logits[i] as number[]))}]"`,
    ],
    [
      'losses',
      'loss,id',
      ({ id, label }: Query, i: number) => `${-Math.log(probabilities(logits[i] as number[])[label] as number)},${id}`,
    ],
  ] as const)(
    'of %s gives its losses on the versions as they are, and their verdict, without white box',
    async (kind, header, line) => {
      const answered = await read(header, line);
      expect(answered.facts).toMatchObject({ answers: kind, queries: 12 * VERSIONS });
      const { references: _, ...input } = experiment.input;
      const artifact = await experiment.extract({ ...input, suspect: answered });
      const found = await evidenceOf(artifact);
      expect(found.whiteBox).toBeUndefined();
      expect(found.suspect).toEqual({
        key: answered.key,
        answers: kind,
        answersSha256: (answered.facts as ReadFacts).answersSha256,
      });
      expect(found.marked.published).toEqual(evidence.marked.published);
      expect([found.views, evidence.views]).toEqual([undefined, 8]);
      found.marked.suspectLoss.flat().forEach((loss, i) => expect(loss).toBeCloseTo(suspectLoss[i] as number, 4));
      found.marked.referenceLoss.flat().forEach((loss, i) => expect(loss).toBeCloseTo(referenceLoss[i] as number, 4));
      const how = { name: 'suspect', log10Level: -4, test: 'exact' as const };
      const { facts: fromAnswers } = await runStage(judge, { evidence: artifact, ...how }, { store: experiment.store });
      const marked = {
        ...evidence.marked,
        suspectLoss: grouped(suspectLoss, VERSIONS),
        referenceLoss: grouped(referenceLoss, VERSIONS),
      };
      const direct = judgeEvidence({ ...evidence, marked }, how);
      expect(fromAnswers.decisive.log10P).toBeCloseTo(direct.decisive.log10P, 2);
      expect(fromAnswers.sentence).toContain(
        `It was judged by the ${kind} that it answered; there is no white-box test, as its weights were not seen.`,
      );
      expect(fromAnswers.others.map(({ test }) => test)).toEqual([
        'exact decoy test on raw losses',
        'anytime-valid decoy test on reference-corrected losses',
      ]);
    },
  );

  it('to versions in eight views gives the losses that the network itself has in these', async () => {
    const { input, store, key } = experiment;
    const manifest = JSON.parse(await experiment.manifest()) as PublicationManifest;
    const inViews = viewQueriesOf(manifest, key, input.publication.facts.commitment);
    const network = openNetwork(store.folder(input.suspect));
    const versions = await ImageShards.open(store.folder(input.versions));
    const byView = views.map((view) => directLosses(network, versions, view));
    network.dispose();
    versions.close();
    const lines = inViews.map(({ id, at, view }) => `${id},${byView[view as number]?.[at]}`);
    const answered = await readText(['id,loss', ...lines.reverse()].join('\n'));
    expect(answered.facts).toMatchObject({ answers: 'losses', queries: 8 * 12 * VERSIONS, views: 8 });
    const found = await evidenceOf(await experiment.extract({ suspect: answered }));
    expect(found.views).toBe(8);
    expect(found.marked.referenceLoss).toEqual(evidence.marked.referenceLoss);
    const own = evidence.marked.suspectLoss.flat();
    found.marked.suspectLoss.flat().forEach((loss, i) => expect(loss).toBeCloseTo(own[i] as number, 4));
  });

  it('of labels gives the rank of the true class', async () => {
    const answered = await read('id,top_1,top_2', ({ id }, i) => {
      const z = logits[i] as number[];
      const order = [0, 1, 2].sort((a, b) => (z[b] as number) - (z[a] as number));
      return `${id},${cells(order.slice(0, 2))}`;
    });
    expect(answered.facts.answers).toBe('labels');
    const found = await evidenceOf(await experiment.extract({ suspect: answered }));
    const direct = queries.map(({ label }, i) => {
      const z = logits[i] as number[];
      return Math.log(1 + z.filter((each) => each > (z[label] as number)).length);
    });
    expect(found.marked.suspectLoss.flat()).toEqual(direct);
  });
});

describe('a table that is not whole is refused, with file and row:', () => {
  const line = ({ id }: Query): string => `${id},1`;
  const whole = (): string[] => ['id,loss', ...queries.map(line)];
  it.each<[string, () => string[], RegExp]>([
    [
      'a query without an answer',
      () => whole().slice(0, -1),
      /answers\.csv: 1 of 36 queries have no answer, the first of them [\da-f]{24}; all must have one$/,
    ],
    ['none at all', () => ['id,loss'], /36 of 36 queries have no answer/],
    [
      'a query answered twice',
      () => [...whole(), whole()[1] as string],
      /, line 38: id: found ".*" again, which is in line 2 too$/,
    ],
    [
      'an id of no query',
      () => [...whole(), 'x,1'],
      /, line 38: id: found "x", expected one of the 36 in queries\/metadata.csv/,
    ],
    ['no ids', () => ['name,loss', 'a,1'], /, line 2: found the columns name, loss, expected an id among them$/],
    ['a loss that is no number', () => [...whole().slice(0, -1), `${queries.at(-1)?.id},nan`], /, line 37: loss: found "nan", expected a finite number$/], // prettier-ignore
    ['logits of too few classes', () => ['id,logit_0,logit_1', `${queries[0]?.id},1,2`], /, line 2: logits: found 2, expected one for each of 3 classes$/], // prettier-ignore
    ['probabilities that do not sum to 1', () => ['id,probabilities', `${queries[0]?.id},"[1, 1, 1]"`], /, line 2: probabilities: they sum to 3, expected 1$/], // prettier-ignore
    ['a class that there is not', () => ['id,label', `${queries[0]?.id},cow`], /, line 2: class: found "cow"/],
  ])('%s', async (_, lines, message) => {
    await expect(readText(lines().join('\n'))).rejects.toMatchObject({
      name: 'TableError',
      retryable: false,
      message: expect.stringMatching(message),
    });
  });

  it('another table than the run began with', async () => {
    const { store, locations, input } = experiment;
    const { keyId, publication, train } = input;
    const run = runStage(
      readAnswers,
      { keyId, publication, train, tableSha256: 'a'.repeat(64) },
      { store, locations: { ...locations, answers: join(folder, 'answers.csv') } },
    );
    await expect(run).rejects.toThrow(/answers\.csv: has SHA-256 .* start anew$/);
  });
});
