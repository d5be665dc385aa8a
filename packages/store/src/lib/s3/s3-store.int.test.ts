import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startS3Server, type TestS3Server } from '@radiotracer/testing';
import { startSlowStage } from '../../../test/slow-stage.ts';
import { openStore } from '../open-store.ts';
import { runStage } from '../run-stage.ts';
import type { Stage } from '../stage.ts';
import type { Store } from '../store.ts';

/* What is of buckets alone; what every store does is in `store.int.test.ts`. */
jest.setTimeout(90_000);
let server: TestS3Server;
let base: string;
let bucket: string;
let bucketCount = 0;
let runs: number;

beforeAll(async () => (server = await startS3Server()));
afterAll(() => server?.stop());
beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'radiotracer-s3-store-'));
  bucket = `bucket-${++bucketCount}`;
  await server.makeBucket(bucket);
  runs = 0;
});
afterEach(() => rm(base, { recursive: true }));

const openOn = (machine: string): Promise<Store> => openStore(`s3://${bucket}/runs`, { cache: join(base, machine) });

/** Two files, of which one goes in two parts. */
const large: Stage<object, object> = {
  name: 'large',
  version: 1,
  async run(_input, { outputDir }) {
    runs++;
    await writeFile(join(outputDir, 'small.txt'), 'hello');
    await writeFile(join(outputDir, 'weights.bin'), Buffer.alloc(20 << 20, 7));
    return {};
  },
};

async function objects(): Promise<string[]> {
  const entries = await readdir(join(server.folder, bucket, 'runs'), { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map(({ name }) => name);
}

/** A way to the server that breaks every connection once so many bytes have gone up, until `limit` is raised. */
async function startProxy(): Promise<{ limit: number; readonly server: Server; readonly url: string }> {
  const target = new URL(server.env['AWS_ENDPOINT_URL_S3'] as string);
  const sockets = new Set<Socket>();
  let sent = 0;
  const listener = createServer((from) => {
    const to = connect(Number(target.port), target.hostname);
    for (const socket of [from, to]) sockets.add(socket.on('error', () => undefined));
    from.on('data', (data) => {
      sent += data.length;
      if (sent > proxy.limit) for (const socket of sockets) socket.destroy();
    });
    from.pipe(to);
    to.pipe(from);
  }).listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const { port } = listener.address() as AddressInfo;
  const proxy = { limit: Infinity, server: listener, url: `http://127.0.0.1:${port}` };
  return proxy;
}

describe('a store in a bucket', () => {
  it('shows nothing of an upload that was cut off; the next attempt sends what was made, and makes nothing', async () => {
    const proxy = await startProxy();
    const elsewhere = await openOn('machine-2');
    await elsewhere.list(); // from now on it has its way to the server
    const direct = process.env['AWS_ENDPOINT_URL_S3'];
    try {
      process.env['AWS_ENDPOINT_URL_S3'] = proxy.url;
      const store = await openOn('machine-1');
      await store.list(); // its lock is kept by a thread, which goes to the server directly
      proxy.limit = 10 << 20;
      await expect(runStage(large, {}, { store })).rejects.toMatchObject({
        name: 'S3UnavailableError',
        retryable: true,
        message: expect.stringMatching(/^store: s3:\/\/bucket-1\/runs\/: no answer \(.*\)$/),
      });
      expect(await elsewhere.list()).toEqual([]);
      expect(await objects()).not.toContain('manifest.json');
      expect(await objects()).not.toContain('weights.bin');

      proxy.limit = Infinity;
      const artifact = await runStage(large, {}, { store });
      expect(runs).toBe(1);
      await elsewhere.verify(artifact);
    } finally {
      process.env['AWS_ENDPOINT_URL_S3'] = direct;
      proxy.server.close();
    }
  });

  it('fetches again what is damaged in the cache', async () => {
    const store = await openOn('machine-1');
    const artifact = await runStage(large, {}, { store });
    const path = join(await store.verify(artifact), 'small.txt');
    await writeFile(path, 'hullo');
    expect(await readFile(join(await (await openOn('machine-1')).verify(artifact), 'small.txt'), 'utf8')).toBe('hello');
    expect(runs).toBe(1);
  });

  it('gives the stage of a process that is frozen to another, and is not disturbed when it wakes up', async () => {
    const start = (machine: string, restMs: number) =>
      startSlowStage(`s3://${bucket}/runs`, join(base, 'log'), restMs, join(base, machine));
    const frozen = start('machine-1', 300);
    await frozen.counted(8);
    frozen.child.kill('SIGSTOP');
    const artifact = await start('machine-2', 0).exited; // half a minute later
    frozen.child.kill('SIGCONT');
    await expect(frozen.exited).rejects.toThrow(/LockLostError.*s3:\/\/.*\/lock is no longer ours/s);
    expect((artifact.facts as { from: number }).from).toBeGreaterThan(0);
    const store = await openOn('machine-3');
    expect(await store.list()).toEqual([artifact]);
    expect(await readFile(join(await store.verify(artifact), 'counted'), 'utf8')).toBe('20');
    expect((await objects()).sort()).toEqual(
      ['SHA256SUMS', 'counted', expect.stringMatching(/^from-/), 'manifest.json', 'run.json'], // no lock, no scratch
    );
  });

  it('says in one line what is wrong with bucket, credentials or server, and whether to try again', async () => {
    const errorOf = async (url: string, change: Record<string, string> = {}) => {
      const before = { ...process.env };
      Object.assign(process.env, change);
      try {
        return await (await openStore(url, { cache: join(base, 'cache') })).list().catch((error: unknown) => error);
      } finally {
        Object.assign(process.env, before);
      }
    };
    expect(await errorOf('s3://nowhere')).toMatchObject({
      message: 'store: s3://nowhere/: there is no such bucket; make it, or name another',
      retryable: false,
    });
    expect(await errorOf(`s3://${bucket}`, { AWS_SECRET_ACCESS_KEY: 'wrong' })).toMatchObject({
      message: expect.stringMatching(/: access denied \(SignatureDoesNotMatch\); use credentials that may list/),
      retryable: false,
    });
    expect(await errorOf(`s3://${bucket}`, { AWS_ENDPOINT_URL_S3: 'http://127.0.0.1:9' })).toMatchObject({
      message: expect.stringMatching(/: no answer \(.*connect ECONNREFUSED 127.0.0.1:9\)$/),
      retryable: true,
    });
    expect(await errorOf(`s3://${bucket}`, { AWS_ACCESS_KEY_ID: '' })).toMatchObject({
      message: expect.stringMatching(/: no credentials found; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY/),
      retryable: false,
    });
    expect(await errorOf(`s3://${bucket}`, { AWS_REGION: '' })).toMatchObject({
      message: expect.stringMatching(/: no region found; set AWS_REGION$/),
      retryable: false,
    });
    await expect(openStore('s3://Runs', { cache: base })).rejects.toThrow(
      'store: found "s3://Runs", expected a folder or s3://bucket/path',
    );
    await expect(openStore('s3://runs')).rejects.toThrow('store: s3://runs needs a cache');
  });
});

it('a store in a folder does not load the AWS SDK', async () => {
  const script = join(base, 'open.mts');
  await writeFile(
    script,
    `import { openStore } from ${JSON.stringify(new URL('../../index.ts', import.meta.url).href)};
    await openStore(${JSON.stringify(join(base, 'store'))});`,
  );
  const loaded = join(base, 'loaded'); // node writes down there which modules it ran
  const flags = ['--conditions=@radiotracer/source', '--import', 'tsx', script];
  spawnSync(process.execPath, flags, { env: { ...process.env, NODE_V8_COVERAGE: loaded } });
  const modules = await Promise.all((await readdir(loaded)).map((file) => readFile(join(loaded, file), 'utf8')));
  expect(modules.join().includes('/store/src/lib/run-store.ts')).toBe(true);
  expect(modules.join().includes('aws-sdk')).toBe(false);
});
