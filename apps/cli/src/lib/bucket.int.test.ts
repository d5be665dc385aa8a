import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { generate, generatedFolder } from '@radiotracer/corpus';
import { RunStore, runStage } from '@radiotracer/store';
import { startS3Server, type TestS3Server } from '@radiotracer/testing';
import { startDevServer, type DevServer } from '@radiotracer/worker';
import { main } from '../../test/run-command.ts';

/* A store in a bucket, as people use it: a server, a worker and a command, each a process of its own. */
jest.setTimeout(180_000);
let s3: TestS3Server;
let server: DevServer;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'radiotracer-bucket-'));
  [s3, server] = await Promise.all([startS3Server(), startDevServer()]);
  await s3.makeBucket('runs');
});
afterAll(async () => {
  await server?.stop();
  await s3?.stop();
  await rm(folder, { recursive: true, force: true });
});

function start(args: readonly string[], env: Record<string, string> = {}) {
  const [stdio, cwd] = ['pipe' as const, folder];
  return spawn(process.execPath, [main, ...args], { stdio, cwd, env: { ...process.env, ...env } });
}

/** A command whose machine is another than the worker's: it has a cache of its own. */
async function radiotracer(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const child = start([...args, '--address', server.address], { RADIOTRACER_CACHE: join(folder, 'here') });
  const exit = once(child, 'close') as Promise<[number]>;
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), exit]);
  return { code, stdout, stderr };
}

test('train with a store in a bucket leaves the weights in --out, and status finds the run', async () => {
  const store = await RunStore.open(join(folder, 'other'));
  const settings = { classes: 2, trainImages: 64, testImages: 16, size: 16, seed: 1 };
  const corpus = join(store.folder(await runStage(generate, settings, { store })), generatedFolder);
  const cache = join(folder, 'there');
  const worker = start(['worker', '--address', server.address, '--cache', cache, '--json']);
  try {
    const [told] = (await once(worker.stdout, 'data')) as [Buffer]; // it works
    const { address } = server;
    expect(JSON.parse(told.toString())).toEqual({ address, namespace: 'default', cache, concurrency: 1 });
    const training = ['architecture.width=2', 'training.epochs=1', 'training.batchSize=8'];
    const where = ['--store', 's3://runs/mine', '--id', 'net'];
    const trained = await radiotracer('train', '--corpus', corpus, '--set', ...training, ...where, '--out', 'net');
    expect(trained).toMatchObject({ code: 0, stdout: expect.stringMatching(/^\ntrained network [0-9a-f]{64}$/m) });
    expect((await readdir(join(folder, 'net'))).sort()).toEqual(
      expect.arrayContaining(['log.jsonl', 'result.json', 'weights.safetensors']),
    );
    expect(await readdir(join(folder, 'there'))).toEqual(['logs', 'runs%2Fmine%2F']);
    expect((await radiotracer('status', 'net', '--store', 's3://runs/mine')).stdout).toContain('net: completed');
  } finally {
    worker.kill('SIGTERM');
    await once(worker, 'exit');
  }
});

test('a bucket that is not there ends with 3 before anything runs, and says so', async () => {
  const store = await RunStore.open(join(folder, 'other'));
  const settings = { classes: 2, trainImages: 64, testImages: 16, size: 16, seed: 1 };
  const corpus = join(store.folder(await runStage(generate, settings, { store })), generatedFolder);
  const train = ['train', '--corpus', corpus, '--set', 'training.batchSize=8'];
  const { code, stderr } = await radiotracer(...train, '--store', 's3://nowhere');
  expect(stderr).toContain('error: store: s3://nowhere/: there is no such bucket; make it, or name another\n');
  expect(stderr).not.toContain('    at ');
  expect(code).toBe(3);
});
