import { spawn } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { readKey, type PublicationManifest } from '@radiotracer/carriers';
import { describeCorpus, generate, generatedFolder } from '@radiotracer/corpus';
import { RunStore, runStage } from '@radiotracer/store';
import { defaultTaskQueue, mark, type MarkResult } from '@radiotracer/workflows';
import type { Client } from '@temporalio/client';
import { runCommand, type Ended } from '../../test/run-command.ts';
import { contentOf, needlesOf, search, searchFiles, searchProcesses, type Needles } from '../../test/secret/search.ts';
import { connect, localEndpoint } from './connect.ts';
import { findLocalServer } from './local-server.ts';
import { resolveSettings, settingsFile } from './resolve-settings.ts';
import { markInput } from './workflow-inputs.ts';

/*
 * A whole experiment through the real command, server and stages, two that fail, and a suspect that is asked over HTTP,
 * with a real key; then the key is looked for wherever it might have gone, and so are the draws where others look. That
 * the search would find the key is shown last, by planting it.
 */

const settings = `
architecture: { stem: small, width: 4 }
training: { epochs: 1, batchSize: 20, cropPadding: 2, warmupEpochs: 0 }
marking: { markedFraction: 0.2, versions: 3, steps: 2, cropPadding: 2 }
`;
const corpusSettings = { classes: 3, trainImages: 60, testImages: 30, size: 16, seed: 1 };

let folder: string;
let store: string;
let needles: Needles;
let client: Client;
const ended: Ended[] = [];
/** A suspect that says 0 to every image, and all that it was sent. */
let suspect: Server;
const asked: Buffer[] = [];
const token = 'Bearer 5c1f0e-of-the-suspect';
/** Where a process or a working folder showed the key while the commands ran. */
const seen = new Set<string>();

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'radiotracer-secret-'));
  store = join(folder, 'store');
  const made = await RunStore.open(join(folder, 'made'));
  const corpus = await runStage(generate, corpusSettings, { store: made });
  await cp(join(made.folder(corpus), generatedFolder), join(folder, 'corpus'), { recursive: true });
  await writeFile(join(folder, 'settings.yaml'), settings);
  await runCommand(folder, 'keygen', 'my.key');
  await runCommand(folder, 'keygen', 'other.key');
  needles = needlesOf(await secretOf('my.key'));
  await runCommand(folder, 'server', 'start', '--store', 'store');

  await watched(async () => {
    ended.push(await experiment('out'));
    ended.push(await experiment('failed', '--set', 'marking.optimizer=sgd', 'marking.learningRate=1e-9'));
    ended.push(await runCommand(folder, 'verify', 'out', '--key', 'other.key', '--debug'));
    ended.push(await runCommand(folder, 'status', 'failed', '--store', 'store', '--json', '--debug'));
    const publication = ['--publication', 'out', '--key', 'my.key', '--store', 'store', '--debug'];
    ended.push(await runCommand(folder, 'queries', ...publication, '--out', 'queries'));
    ended.push(await runCommand(folder, 'detect', ...publication, '--endpoint', await serve(), '--out', 'asked'));
    ended.push(
      await runCommand(
        folder,
        ...['verify', 'out/evidence', '--key', 'my.key', '--answers', 'asked/answers.jsonl', '--debug'],
      ),
    );
  });
  const server = await findLocalServer(store);
  if (!server) throw new Error(`no local server:\n${ended.map(({ stderr }) => stderr).join('\n')}`);
  client = await connect(localEndpoint(server));
}, 300_000);
afterAll(async () => {
  await client?.connection.close();
  suspect?.close();
  await runCommand(folder, 'server', 'stop', '--store', 'store');
  await rm(folder, { recursive: true, force: true });
});

const experiment = (id: string, ...more: readonly string[]): Promise<Ended> =>
  runCommand(
    folder,
    ...['experiment', '--corpus', 'corpus', '--key', 'my.key', '--config', 'settings.yaml', '--store', 'store'],
    ...['--out', id, '--id', id, '--debug', ...more],
  );

/** Starts the suspect. @returns the file that says how it is asked */
async function serve(): Promise<string> {
  suspect = createServer((request, response) => {
    void buffer(request).then((body) => {
      const { authorization: _, ...headers } = request.headers;
      asked.push(Buffer.from(`${request.url} ${JSON.stringify(headers)}`), body);
      const { images } = JSON.parse(body.toString()) as { images: unknown[] };
      response.end(JSON.stringify({ answers: images.map(() => ({ label: 0 })) }));
    });
  });
  await new Promise<void>((resolve) => suspect.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(suspect.address() as AddressInfo).port}`;
  const endpoint = { url, protocol: 'radiotracer', headers: { Authorization: token } };
  await writeFile(join(folder, 'endpoint.json'), JSON.stringify(endpoint));
  return 'endpoint.json';
}

/** What tells published versions from decoys: the draws of all images one after the other, and the ids of the queries. */
async function drawNeedles(): Promise<Needles> {
  const { publication } = JSON.parse(await readFile(join(folder, 'out/result.json'), 'utf8')) as MarkResult;
  const path = join((await RunStore.open(store)).folder(publication), 'private/manifest.json');
  const { images } = JSON.parse(await readFile(path, 'utf8')) as PublicationManifest;
  const index = await readFile(join(folder, 'queries/private/index.csv'), 'utf8');
  const ids = index.trim().split('\n').slice(1).map((line) => line.split(',')[0] ?? ''); // prettier-ignore
  expect(ids).toHaveLength(3 * images.length);
  const draws = images.map(({ published }) => published).join(',');
  return new Map([['draws', Buffer.from(draws)], ...ids.map((id): [string, Buffer] => [`id ${id}`, Buffer.from(id)])]);
}

async function secretOf(name: string): Promise<Buffer> {
  const secret = /^key ([0-9a-f]{64})$/m.exec(await readFile(join(folder, name), 'utf8'))?.[1];
  return Buffer.from(secret ?? '', 'hex');
}

/** Does something, and looks at all processes and at the working folders meanwhile. */
async function watched(work: () => Promise<void>): Promise<void> {
  let isOver = false;
  const watch = async (): Promise<void> => {
    while (!isOver) {
      await mkdir(join(store, 'working'), { recursive: true });
      const found = [
        ...(await searchProcesses(needles)),
        ...(await searchFiles(join(store, 'working'), needles).catch(() => [])),
      ];
      for (const place of found) seen.add(place);
      await setTimeout(200);
    }
  };
  const watching = watch();
  await work().finally(() => (isOver = true));
  await watching;
}

/** The histories of all workflows, and what the server says of each. */
async function histories(): Promise<Buffer> {
  const contents: Buffer[] = [];
  for await (const { workflowId, runId } of client.workflow.list()) {
    const handle = client.workflow.getHandle(workflowId, runId);
    contents.push(contentOf(await handle.fetchHistory()), contentOf((await handle.describe()).raw));
  }
  return Buffer.concat(contents);
}

test('the experiment was whole, and the other failed in a stage that had read the key', async () => {
  const [whole, failed, refused, status, queries, detect, evidence] = ended;
  expect(whole).toMatchObject({ code: 0, stdout: expect.stringContaining('control') });
  expect(failed).toMatchObject({ code: 2, stderr: expect.stringContaining('no version differs from its image') });
  expect(refused?.code).toBe(3);
  expect(status).toMatchObject({ code: 0, stdout: expect.stringContaining('"state": "failed"') });
  expect(queries).toMatchObject({ code: 0, stdout: expect.stringContaining('36 queries') });
  expect(detect).toMatchObject({ code: 0, stdout: expect.stringContaining('suspect  not detected') });
  expect(evidence).toMatchObject({ code: 0, stdout: expect.stringContaining('look 3  suspect  not detected') });
  expect(evidence?.stdout).toContain('the answers given are those of look 3');
});

test('a workflow with another key’s id fails, and names both by their ids alone', async () => {
  const { keyId } = await readKey(join(folder, 'other.key'));
  const { digest } = await describeCorpus(join(folder, 'corpus'));
  const corpus = { digest, trainSplit: 'train', testSplit: 'test' };
  const locations = { corpus: join(folder, 'corpus'), key: join(folder, 'my.key') };
  const input = markInput(resolveSettings([await settingsFile(join(folder, 'settings.yaml'))]), {
    ...{ store, locations, corpus, keyId },
  });
  const run = client.workflow.execute(mark, { taskQueue: defaultTaskQueue, workflowId: 'wrong-key', args: [input] });
  const { keyId: ours } = await readKey(join(folder, 'my.key'));
  await expect(run).rejects.toMatchObject({
    cause: { cause: { message: expect.stringContaining(`has id ${ours}, but these images belong to ${keyId}`) } },
  });
}, 60_000);

test('the key is in no history', async () => {
  const content = await histories();
  for (const text of ['my.key', 'wrong-key', 'no version differs']) expect(content.includes(text)).toBe(true);
  expect(search(content, needles)).toEqual([]);
});

test('the key is in no file but its own: database of the server, store, results, logs', async () => {
  expect(await searchFiles(folder, needles, join(folder, 'my.key'))).toEqual([]);
});

test('neither draws, ids nor key are in what a suspect is sent, and draws and ids in no history, log or output', async () => {
  const draws = await drawNeedles();
  expect(asked.length).toBeGreaterThan(1);
  for (const sent of asked) expect(search(sent, new Map([...needles, ...draws]))).toEqual([]);
  expect(search(await histories(), draws)).toEqual([]);
  expect(await searchFiles(join(store, 'logs'), draws)).toEqual([]);
  for (const { stdout, stderr } of ended) expect(search(Buffer.from(stdout + stderr), draws)).toEqual([]);
  const bundle = await readFile(join(folder, 'out/evidence/looks/3/evidence.json')); // for the publisher alone
  expect(search(bundle, draws)).toEqual(['draws']);
});

test('the token of the suspect is in no file but its own', async () => {
  const needle = new Map([['token', Buffer.from(token)]]);
  expect(await searchFiles(folder, needle, join(folder, 'endpoint.json'))).toEqual([]);
  expect(search(await histories(), needle)).toEqual([]);
});

test('the key was printed by no command, and showed in no process or working folder', () => {
  for (const { stdout, stderr } of ended) expect(search(Buffer.from(stdout + stderr), needles)).toEqual([]);
  expect([...seen]).toEqual([]);
});

test('the search finds a key that is planted', async () => {
  const secret = await secretOf('my.key');
  const hex = secret.toString('hex');
  const texts = [hex, hex.toUpperCase(), secret.toString('base64'), secret.toString('base64url')];
  const encoded = [0, 1, 2].map((before) => Buffer.from(`${'x'.repeat(before)}${hex}`).toString('base64'));
  for (const bytes of [secret, ...[...texts, ...encoded].map((text) => Buffer.from(text))]) {
    expect(search(Buffer.concat([Buffer.from('before '), bytes, Buffer.from(' after')]), needles)).not.toEqual([]);
  }
  expect((await searchFiles(folder, needles)).every((place) => place.startsWith(join(folder, 'my.key')))).toBe(true);
  expect(await searchFiles(folder, needles)).not.toEqual([]);

  const sleeping = spawn('sleep', ['60'], { env: { PLANTED: hex } });
  try {
    expect((await searchProcesses(needles)).join()).toContain(`process ${sleeping.pid}, environ: `);
  } finally {
    sleeping.kill();
  }

  const planted = await client.workflow.start('none', {
    taskQueue: 'nobody',
    workflowId: 'planted',
    args: [{ secret: secret.toString('base64') }],
  });
  await planted.terminate();
  expect(search(await histories(), needles)).not.toEqual([]);
  expect((await searchFiles(join(store, 'temporal'), needles)).join()).toContain('temporal.sqlite');
});
