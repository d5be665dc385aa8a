import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { inspect } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { pixelsSha256, type PublicationManifest } from '@radiotracer/carriers';
import { decodeImage } from '@radiotracer/corpus';
import { runStage } from '@radiotracer/store';

import { type HttpServer, startServer } from '../../../test/http-server.ts';
import { shasOfViews } from '../../../test/shas-of-views.ts';
import { tinyExperiment, type TinyExperiment, VERSIONS } from '../../../test/tiny-experiment.ts';
import type { AnsweredSuspect } from '../kept-answers.ts';
import { queriesOf } from '../queries.ts';
import type { Evidence } from '../types.ts';
import { askEndpoint } from './ask-endpoint.ts';
import { identityOf, readEndpoint } from './endpoint.ts';

jest.setTimeout(60_000);

const QUERIES = 12 * VERSIONS;
const TOKEN = 'Bearer s3cret-of-the-suspect';

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
/** Requests so far. */
let requests: number;
/** SHA-256 of the pixels of each image that a server has answered about. */
let answered: string[];
let respond: (request: IncomingMessage, response: ServerResponse, body: Buffer) => Promise<void> | void;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'radiotracer-endpoint-'));
  [requests, answered, respond] = [0, [], byContract];
  server = await startServer((request, response) => {
    requests++;
    void buffer(request).then((body) => respond(request, response, body));
  });
  ({ url } = server);
});
afterEach(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

/** Logits that follow from the pixels, so that an answer in another's place would be seen. */
function logitsOf(pixels: Uint8Array): number[] {
  const digest = pixelsSha256(pixels);
  return [0, 1, 2].map((c) => parseInt(digest.slice(4 * c, 4 * c + 4), 16) / 2 ** 14);
}

const json = (response: ServerResponse, value: unknown): void =>
  void response.setHeader('Content-Type', 'application/json').end(JSON.stringify(value));

async function byContract(_: IncomingMessage, response: ServerResponse, body: Buffer): Promise<void> {
  const { images } = JSON.parse(body.toString()) as { images: string[] };
  const pixels = await Promise.all(
    images.map(async (image) => (await decodeImage(Buffer.from(image, 'base64'))).pixels),
  );
  answered.push(...pixels.map(pixelsSha256));
  json(response, { answers: pixels.map((each) => ({ logits: logitsOf(each) })) });
}

async function ask(settings: object = {}, options: { readonly signal?: AbortSignal } = {}): Promise<AnsweredSuspect> {
  const endpoint = join(folder, 'endpoint.json');
  const file = { url, protocol: 'radiotracer', headers: { Authorization: TOKEN }, retries: 2, ...settings };
  await writeFile(endpoint, JSON.stringify(file));
  const { input, store, locations } = experiment;
  const { keyId, versions, publication, train } = input;
  const named = { keyId, versions, publication, train, endpoint: identityOf(await readEndpoint(endpoint)) };
  return runStage(askEndpoint, named, { store, locations: { ...locations, endpoint }, ...options });
}

/** SHA-256 of the pixels of what is shown of each version of each image, [n][V][shown]: each as it is. */
function shasOfVersions(): string[][][] {
  return manifest.images.map(({ versionSha256 }) => versionSha256.map((digest) => [digest]));
}

/** Mean cross-entropies of what the server makes of what it is shown of each version. */
function expectedLosses(shas = shasOfVersions()): number[] {
  return shas.flatMap((ofImage, i) =>
    ofImage.map((shown) => {
      const losses = shown.map((digest) => {
        const z = [0, 1, 2].map((c) => parseInt(digest.slice(4 * c, 4 * c + 4), 16) / 2 ** 14);
        return (
          Math.log(z.reduce((sum, each) => sum + Math.exp(each), 0)) - (z[manifest.images[i]?.label ?? 0] as number)
        );
      });
      return losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
    }),
  );
}

async function lossesOf(suspect: AnsweredSuspect): Promise<number[]> {
  return JSON.parse(await readFile(join(experiment.store.folder(suspect), 'losses.json'), 'utf8')) as number[];
}

function expectClose(found: readonly number[], expected: readonly number[]): void {
  expect(found).toHaveLength(expected.length);
  found.forEach((loss, i) => expect(loss).toBeCloseTo(expected[i] as number, 9));
}

describe('an endpoint', () => {
  it('is asked about every version once, and can be judged by what it says', async () => {
    const suspect = await ask({ batchSize: 5 });
    expect(suspect.facts).toMatchObject({ answers: 'logits', queries: QUERIES });
    expect(requests).toBe(Math.ceil(QUERIES / 5));
    expect([...answered].sort()).toEqual(manifest.images.flatMap(({ versionSha256 }) => versionSha256).sort());
    expectClose(await lossesOf(suspect), expectedLosses());
    expect((await experiment.extract({ suspect })).facts.marked).toBe(12);
  });

  it('is asked about eight views of each version where its file says so, and judged by their mean', async () => {
    const suspect = await ask({ views: true });
    expect(suspect.facts).toMatchObject({ answers: 'logits', queries: 8 * QUERIES, views: 8 });
    expect(new Set(answered).size).toBe(8 * QUERIES);
    expectClose(await lossesOf(suspect), expectedLosses(await shasOfViews(experiment)));

    const evidence = await experiment.extract({ suspect });
    const text = await readFile(join(experiment.store.folder(evidence), 'evidence.json'), 'utf8');
    expect((JSON.parse(text) as Evidence).views).toBe(8);
    expect((await ask()).key).not.toBe(suspect.key); // as it is, it is another suspect
  });

  it('is asked in the order of the ids, one request at a time if so wished', async () => {
    await ask({ concurrency: 1, model: 'in order' });
    const shas = manifest.images.flatMap(({ versionSha256 }) => versionSha256);
    const { commitment } = experiment.input.publication.facts;
    const byId = queriesOf(manifest, experiment.key, commitment).map(({ id }, at) => ({ id, sha: shas[at] }));
    byId.sort((a, b) => (a.id < b.id ? -1 : 1));
    expect(answered).toEqual(byId.map(({ sha }) => sha));
  });

  it('gets its token, which goes nowhere else', async () => {
    let seen: string | undefined;
    respond = (request, response, body) => {
      seen = request.headers.authorization;
      return byContract(request, response, body);
    };
    const suspect = await ask({ model: 'token' });
    expect(seen).toBe(TOKEN);
    const left = experiment.store.folder(suspect);
    for (const file of await readdir(left)) expect(await readFile(join(left, file), 'utf8')).not.toContain(TOKEN);
  });

  it.each([
    ['refuses it', 403, / answered with status 403: who is …, with …\?$/],
    ['answers no JSON', 200, /: found no JSON but who is …, with …\?$/],
  ])('that repeats its token as it %s is quoted without it', async (what, status, message) => {
    respond = ({ headers: { authorization = '' } }, response) => {
      const [, token] = authorization.split(' ');
      response.writeHead(status).end(`who is ${authorization}, with ${token}?`);
    };
    const error: unknown = await ask({ model: what, concurrency: 1 }).catch((error: unknown) => error);
    expect(error).toMatchObject({ name: 'EndpointError', message: expect.stringMatching(message) });
    expect(inspect(error)).not.toMatch(/s3cret/);
  });

  it('that is busy and fails at times is asked again', async () => {
    respond = (request, response, body) => {
      if (requests === 2) return void response.writeHead(429, { 'Retry-After': '1' }).end('too many requests');
      if (requests === 3) return void request.socket.destroy();
      return byContract(request, response, body);
    };
    const suspect = await ask({ model: 'busy', batchSize: 12, concurrency: 1 });
    expect(requests).toBe(5);
    expectClose(await lossesOf(suspect), expectedLosses());
  });

  it('that is too slow is given up, with an error that is worth another try', async () => {
    respond = () => undefined;
    await expect(ask({ model: 'slow', timeoutSeconds: 1, retries: 1, concurrency: 1 })).rejects.toMatchObject({
      name: 'EndpointError',
      retryable: true,
      message: `endpoint ${url} does not answer: it took too long`,
    });
    expect(requests).toBe(2);
  });

  it('that dies is asked only for what it has not answered, also in batches of another size', async () => {
    respond = (request, response, body) =>
      requests > 3 ? void request.socket.destroy() : byContract(request, response, body);
    const settings = { model: 'dies', batchSize: 5, concurrency: 1, retries: 0 };
    await expect(ask(settings)).rejects.toMatchObject({ name: 'EndpointError', retryable: true });
    expect(answered).toHaveLength(15);
    respond = byContract;
    const suspect = await ask({ ...settings, batchSize: 4, concurrency: 3 });
    expect(new Set(answered).size).toBe(answered.length);
    expect(answered).toHaveLength(QUERIES);
    expectClose(await lossesOf(suspect), expectedLosses());
  });

  it('is asked no more than the budget allows, and for the rest when it is raised', async () => {
    const settings = { model: 'dear', batchSize: 10, concurrency: 1 };
    await expect(ask({ ...settings, budget: 25 })).rejects.toMatchObject({
      name: 'EndpointError',
      retryable: false,
      message: `endpoint ${url}: the budget of 25 images is spent (20 of 36 are answered, and kept); raise "budget" to go on`,
    });
    expect(answered).toHaveLength(20);
    await ask({ ...settings, budget: QUERIES });
    expect(answered).toHaveLength(QUERIES);
  });

  it('is asked for nothing more when the run is stopped', async () => {
    const abort = new AbortController();
    respond = async (request, response, body) => {
      await byContract(request, response, body);
      if (requests === 2) abort.abort(new Error('paused'));
    };
    const settings = { model: 'stopped', batchSize: 5, concurrency: 1 };
    await expect(ask(settings, { signal: abort.signal })).rejects.toThrow('paused');
    expect(requests).toBe(2);
  });

  it.each<[string, unknown, RegExp]>([
    ['no answers', { result: [] }, /: found no list "answers" of objects/],
    ['too few', { answers: [{ label: 1 }] }, /: found 1 answers, expected one for each of 8 images$/],
    ['no known kind', { answers: Array(8).fill({ guess: 1 }) }, /: found the columns guess, expected id and one of/],
    ['other classes', { answers: Array(8).fill({ logits: [1, 2] }) }, /: logits: found 2, expected one for each of 3/],
    [
      'several kinds',
      { answers: [...Array(4).fill({ label: 1 }), ...Array(4).fill({ logits: [1, 2, 3] })] },
      /: found logits, but labels before; expected answers of one kind$/,
    ],
  ])('that answers with %s is refused in one line', async (what, answer, message) => {
    respond = (_, response) => json(response, answer);
    const asked = ask({ model: what, batchSize: 8, concurrency: 1 });
    await expect(asked).rejects.toMatchObject({ name: 'EndpointError', retryable: false });
    await expect(asked).rejects.toThrow(message);
    expect(requests).toBe(1);
  });

  it('that says no is not asked again', async () => {
    respond = (_, response) => void response.writeHead(401).end('{"error": "who are you?"}');
    await expect(ask({ model: 'no', concurrency: 1 })).rejects.toThrow(
      `endpoint ${url} answered with status 401: {"error": "who are you?"}`,
    );
    expect(requests).toBe(1);
  });

  it.each([
    ['no url', { url: undefined }, /endpoint\.json: url: /],
    [
      'a password in its url',
      { url: 'http://me:s3cret@models.example' },
      /endpoint\.json: url: holds a name or password/,
    ],
    ['an unknown protocol', { protocol: 'grpc' }, /endpoint\.json: protocol: /],
    ['a field with a typo', { batchsize: 3 }, /endpoint\.json: endpoint: Unrecognized key: "batchsize"/],
  ])('with %s in its file is refused', async (_, settings, message) => {
    await expect(ask(settings)).rejects.toThrow(message);
    expect(requests).toBe(0);
  });
});

describe('a server that speaks', () => {
  it('KServe v2 gets a tensor [B, 3, H, W], and gives one [B, K]', async () => {
    let path: string | undefined;
    respond = (request, response, body) => {
      path = request.url;
      const { inputs } = JSON.parse(body.toString()) as { inputs: { shape: number[]; data: number[] }[] };
      const [{ shape, data } = { shape: [], data: [] }] = inputs;
      const [count = 0, channels = 0, height = 0, width = 0] = shape;
      const size = channels * height * width;
      const logits = Array.from({ length: count }, (_, i) => {
        const levels = data.slice(i * size, (i + 1) * size).map((value) => Math.round((value * 0.5 + 0.5) * 255));
        // back to [H, W, 3]
        const pixels = Uint8Array.from(levels, (_, at) => levels[(at % 3) * height * width + Math.floor(at / 3)] ?? 0);
        return logitsOf(pixels);
      });
      json(response, { outputs: [{ name: 'out', datatype: 'FP32', shape: [count, 3], data: logits.flat() }] });
    };
    const half = [0.5, 0.5, 0.5];
    const suspect = await ask({ protocol: 'kserve', model: 'cats', kserve: { mean: half, std: half } });
    expect(path).toBe('/v2/models/cats/infer');
    expect(suspect.facts.answers).toBe('logits');
    expectClose(await lossesOf(suspect), expectedLosses());

    const asked = requests;
    await ask({ protocol: 'kserve', model: 'cats', kserve: { mean: half, std: half }, batchSize: 2 });
    expect(requests).toBe(asked); // the same suspect
    const other = { input: 'pixels', mean: half, std: half };
    expect((await ask({ protocol: 'kserve', model: 'cats', kserve: other })).key).not.toBe(suspect.key);
    expect(requests).toBeGreaterThan(asked);
  });

  it.each<[string, unknown, RegExp]>([
    ['no outputs', {}, /: found the outputs none, expected one of shape \[images, classes\] with its data$/],
    ['an output without a shape', { outputs: [{ name: 'out', data: [1, 2, 3] }] }, /: found the outputs out \[\], /],
    ['an output without data', { outputs: [{ name: 'out', shape: [8, 3] }] }, /: found the outputs out \[8, 3\], /],
  ])('KServe v2 and gives %s is refused in one line', async (what, answer, message) => {
    respond = (_, response) => json(response, answer);
    await expect(ask({ protocol: 'kserve', model: what, concurrency: 1 })).rejects.toThrow(message);
  });

  const classNames = (): readonly string[] => experiment.input.train.facts.classNames;
  const topOf = async (body: Buffer): Promise<[string, number][]> => {
    const z = logitsOf((await decodeImage(body)).pixels);
    const total = z.reduce((sum, each) => sum + Math.exp(each), 0);
    return z.map((each, c) => [classNames()[c] as string, Math.exp(each) / total]);
  };

  it('TorchServe’s gets PNG files, and gives the likeliest classes', async () => {
    let path: string | undefined;
    respond = async (request, response, body) => {
      path = request.url;
      json(response, Object.fromEntries(await topOf(body)));
    };
    const suspect = await ask({ protocol: 'torchserve', model: 'cats' });
    expect([path, requests]).toEqual(['/predictions/cats', QUERIES]);
    expect(suspect.facts.answers).toBe('top probabilities');
    expectClose(await lossesOf(suspect), expectedLosses());
  });

  it('Hugging Face’s gets PNG files, and gives the likeliest classes', async () => {
    respond = async (_, response, body) =>
      json(response, (await topOf(body)).map(([label, score]) => ({ label, score }))); // prettier-ignore
    const suspect = await ask({ protocol: 'huggingface' });
    expect(suspect.facts.answers).toBe('top probabilities');
    expectClose(await lossesOf(suspect), expectedLosses());
  });
});
