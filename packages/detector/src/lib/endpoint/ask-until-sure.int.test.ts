import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { json as readJson } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { pixelsSha256, type PublicationManifest } from '@radiotracer/carriers';
import { decodeImage } from '@radiotracer/corpus';
import { runStage } from '@radiotracer/store';

import { type HttpServer, startServer } from '../../../test/http-server.ts';
import { shasOfViews } from '../../../test/shas-of-views.ts';
import { tinyExperiment, type TinyExperiment, VERSIONS } from '../../../test/tiny-experiment.ts';
import { drawsUntilSure } from '../anytime-decoy-test.ts';
import { decidingTests } from '../deciding-tests.ts';
import { judge } from '../judge.ts';
import type { AnsweredSuspect } from '../kept-answers.ts';
import type { ClassResult, Evidence } from '../types.ts';
import { askEndpoint } from './ask-endpoint.ts';
import { identityOf, readEndpoint } from './endpoint.ts';

jest.setTimeout(60_000);

const QUERIES = 12 * VERSIONS;
/** E ≥ 20: of 3 versions no draw gives more than 3 to 1. */
const rule = { log10Level: Math.log10(0.05), looks: 1 };

let experiment: TinyExperiment;
let manifest: PublicationManifest;
let folder: string;
beforeAll(async () => {
  experiment = await tinyExperiment({ carrierUnit: 'image' });
  manifest = JSON.parse(await experiment.manifest()) as PublicationManifest;
});
afterAll(() => experiment.remove());

let server: HttpServer;
let url: string;
let requests: number;
/** Requests after which the server dies. */
let lives: number;
/** SHA-256 of the pixels of each image that the server has answered about. */
let answered: string[];
let lossOf: (digest: string) => number;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'radiotracer-endpoint-'));
  [requests, lives, answered, lossOf] = [0, Infinity, [], leaky];
  server = await startServer((request, response) => void respond(request, response));
  ({ url } = server);
});
afterEach(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

/** Knows nothing of the release: what it says follows from the pixels. */
const clean = (digest: string): number => parseInt(digest.slice(0, 4), 16) / 2 ** 14;

/** Has learned the published versions by heart. */
function leaky(digest: string): number {
  const isPublished = manifest.images.some(({ versionSha256, published }) => versionSha256[published] === digest);
  return (isPublished ? 1 : 3) + clean(digest) / 16;
}

async function ask(settings: object, markingNetwork = experiment.input.markingNetwork): Promise<AnsweredSuspect> {
  const endpoint = join(folder, 'endpoint.json');
  await writeFile(endpoint, JSON.stringify({ url, protocol: 'radiotracer', retries: 0, ...settings }));
  const { input, store, locations } = experiment;
  const { keyId, versions, publication, train } = input;
  const identity = identityOf(await readEndpoint(endpoint));
  const named = { keyId, versions, publication, train, endpoint: identity, anytime: { ...rule, markingNetwork } };
  return runStage(askEndpoint, named, { store, locations: { ...locations, endpoint } });
}

describe('an endpoint, where the anytime-valid test decides,', () => {
  const filesOf = async (suspect: AnsweredSuspect): Promise<string[]> =>
    Promise.all(
      ['losses.json', 'reference-losses.json', 'answers.jsonl'].map((file) =>
        readFile(join(experiment.store.folder(suspect), file), 'utf8'),
      ),
    );
  const shasOfFirst = (draws: number): string[] =>
    manifest.images.slice(0, draws).flatMap(({ versionSha256 }) => versionSha256);

  it('is asked about no more than the draws that are enough, and found', async () => {
    const suspect = await ask({ model: 'leaky', batchSize: VERSIONS, concurrency: 1 });
    const draws = suspect.facts.draws as number;
    expect(draws).toBeLessThan(9);
    expect(suspect.facts.queries).toBe(VERSIONS * draws);
    expect([...answered].sort()).toEqual(shasOfFirst(draws).sort()); // one draw was on its way at a time

    const { store } = experiment;
    const evidence = await experiment.extract({ suspect });
    const text = await readFile(join(store.folder(evidence), 'evidence.json'), 'utf8');
    const { marked, totalDraws } = JSON.parse(text) as Evidence;
    expect([marked.label.length, totalDraws]).toEqual([draws, 12]);
    expect(drawsUntilSure({ marked }, rule)).toBe(draws);
    const judged = { evidence, name: 'suspect', log10Level: rule.log10Level } as const;
    const verdict = await runStage(judge, { ...judged, test: 'anytime' }, { store });
    expect(verdict.facts.detected).toBe(true);
    expect(verdict.facts.decisive).toMatchObject({ test: decidingTests.anytime, sampleSize: { draws } });
    const classes = await readFile(join(store.folder(verdict), 'classes.json'), 'utf8');
    expect((JSON.parse(classes) as ClassResult[]).every(({ decoyLog10P }) => decoyLog10P === null)).toBe(true);
    await expect(runStage(judge, { ...judged, test: 'exact' }, { store })).rejects.toThrow(
      /^detector: evidence: totalDraws/,
    );
  });

  it('is asked about eight views of each version of the draws that are enough, where its file says so', async () => {
    const shas = await shasOfViews(experiment);
    const published = new Set(manifest.images.flatMap((image, i) => shas[i]?.[image.published] ?? []));
    lossOf = (digest) => (published.has(digest) ? 1 : 3) + clean(digest) / 16;
    const suspect = await ask({ model: 'leaky', views: true, batchSize: 8 * VERSIONS, concurrency: 1 });
    const draws = suspect.facts.draws as number;
    expect(draws).toBeLessThan(9);
    expect(suspect.facts).toMatchObject({ views: 8, queries: 8 * VERSIONS * draws });
    expect([...answered].sort()).toEqual(shas.slice(0, draws).flat(2).sort());

    const evidence = await experiment.extract({ suspect });
    const text = await readFile(join(experiment.store.folder(evidence), 'evidence.json'), 'utf8');
    const { marked, totalDraws, views } = JSON.parse(text) as Evidence;
    expect([marked.label.length, totalDraws, views]).toEqual([draws, 12, 8]);
    expect(drawsUntilSure({ marked }, rule)).toBe(draws);
  });

  it('leaves the same however much is on its way at once', async () => {
    const one = await ask({ model: 'one at a time', batchSize: 1, concurrency: 1 });
    answered = [];
    const many = await ask({ model: 'many at once', batchSize: 5, concurrency: 4 });
    expect(answered.length).toBe(6 * VERSIONS); // of 20 on their way at once, in whole draws
    expect(many.facts).toEqual(one.facts);
    expect(await filesOf(many)).toEqual(await filesOf(one));
  });

  it('shows each version once, also when the asking died and was taken up again in other batches', async () => {
    lives = 3;
    const settings = { model: 'leaky and dying', batchSize: 2, concurrency: 1 };
    await expect(ask(settings)).rejects.toMatchObject({ name: 'EndpointError', retryable: true });
    expect(answered).toHaveLength(5); // a draw of 3 is asked for in requests of 2 and 1
    lives = Infinity;
    const suspect = await ask({ ...settings, batchSize: 3 });
    expect(new Set(answered).size).toBe(answered.length);
    expect([...answered].sort()).toEqual(shasOfFirst(suspect.facts.draws as number).sort());
  });

  it('is asked about everything if it knows nothing, and the exact test is there again', async () => {
    lossOf = clean;
    const suspect = await ask({ model: 'clean', batchSize: 5 });
    expect(suspect.facts).toMatchObject({ draws: 12, queries: QUERIES });
    expect(answered).toHaveLength(QUERIES);
    const losses = JSON.parse((await filesOf(suspect))[0] as string) as number[];
    expect(losses).toEqual(shasOfFirst(12).map(clean));
    const { store } = experiment;
    const evidence = await experiment.extract({ suspect });
    expect(await readFile(join(store.folder(evidence), 'evidence.json'), 'utf8')).not.toContain('totalDraws');
    const judged = { evidence, name: 'suspect', log10Level: rule.log10Level, test: 'anytime' } as const;
    const { facts } = await runStage(judge, judged, { store });
    expect(facts.detected).toBe(false);
    expect(facts.others[0]?.test).toBe(decidingTests.exact);
  });

  it('is asked no more than the budget allows, and for the rest when it is raised', async () => {
    const settings = { model: 'leaky and dear', batchSize: VERSIONS, concurrency: 1 };
    await expect(ask({ ...settings, budget: 7 })).rejects.toThrow(
      `endpoint ${url}: the budget of 7 images is spent (6 of 36 are answered, and kept); raise "budget" to go on`,
    );
    const suspect = await ask({ ...settings, budget: QUERIES });
    expect(answered).toHaveLength(suspect.facts.queries);
  });

  it('is not asked where the marking network is not the one committed to', async () => {
    const { suspect: markingNetwork } = experiment.input;
    await expect(ask({ model: 'x' }, markingNetwork)).rejects.toMatchObject({
      name: 'VerificationError',
    });
    expect(requests).toBe(0);
  });
});

async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { images } = (await readJson(request)) as { images: string[] };
  if (++requests > lives) return void request.socket.destroy();
  const decoded = await Promise.all(images.map((image) => decodeImage(Buffer.from(image, 'base64'))));
  const digests = decoded.map(({ pixels }) => pixelsSha256(pixels));
  answered.push(...digests);
  response.setHeader('Content-Type', 'application/json');
  response.end(JSON.stringify({ answers: digests.map((digest) => ({ loss: lossOf(digest) })) }));
}
