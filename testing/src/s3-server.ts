import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { runInThisContext } from 'node:vm';
import { testS3Server } from '@radiotracer/setup/locations';

export interface TestS3Server {
  /** The folder that it serves: `<folder>/<bucket>/<key>` is the object. */
  readonly folder: string;
  /** By which the AWS SDK finds it. In the environment of this process, its threads and children, until `stop`. */
  readonly env: Readonly<Record<string, string>>;
  makeBucket(name: string): Promise<void>;
  stop(): Promise<void>;
}

const WITHIN_MS = 10_000;

/**
 * Starts an S3 server (versitygw) on a new folder, which goes when it stops.
 *
 * @throws Error if the set-up for tests did not run, or the server does not answer within 10 s
 */
export async function startS3Server(): Promise<TestS3Server> {
  const binary = testS3Server();
  if (binary === undefined) throw new Error('testing: no S3 server found; run `npm run setup -- --tests`');
  const folder = await mkdtemp(join(tmpdir(), 'radiotracer-s3-'));
  const [buckets, sidecar] = [join(folder, 'buckets'), join(folder, 'metadata')];
  await mkdir(buckets);
  await mkdir(sidecar); // so that the file system needs no extended attributes
  const port = await freePort();
  const env = { ROOT_ACCESS_KEY: 'test', ROOT_SECRET_KEY: 'test-secret' };
  const arguments_ = ['--quiet', '--port', `127.0.0.1:${port}`, 'posix', '--sidecar', sidecar, buckets];
  const server = spawn(binary, arguments_, { env: { ...process.env, ...env }, stdio: 'ignore' });
  const stop = async (): Promise<void> => {
    if (server.exitCode === null && server.kill('SIGKILL')) await once(server, 'exit');
    await rm(folder, { recursive: true, force: true });
  };
  const endpoint = `http://127.0.0.1:${port}`;
  for (const deadline = Date.now() + WITHIN_MS; ; await setTimeout(50)) {
    if (await fetch(endpoint).catch(() => undefined)) break;
    if (Date.now() < deadline && server.exitCode === null) continue;
    await stop();
    throw new Error(`testing: the S3 server at ${endpoint} did not answer within ${WITHIN_MS / 1000} s`);
  }
  const sdkEnv = {
    AWS_ENDPOINT_URL_S3: endpoint,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: env.ROOT_ACCESS_KEY,
    AWS_SECRET_ACCESS_KEY: env.ROOT_SECRET_KEY,
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  };
  const restore = setEnvironment(sdkEnv);
  return {
    folder: buckets,
    env: sdkEnv,
    makeBucket: async (name) => {
      await mkdir(join(buckets, name));
    },
    stop: async () => {
      restore();
      await stop();
    },
  };
}

/** Jest gives a test a copy of the environment; what the test starts has the real one, which needs the same. */
function setEnvironment(change: Readonly<Record<string, string>>): () => void {
  const environments = [process.env, runInThisContext('process.env') as NodeJS.ProcessEnv];
  const before = environments.map((environment) => ({ ...environment }));
  for (const environment of environments) Object.assign(environment, change);
  return () => {
    for (const [i, environment] of environments.entries()) {
      for (const name of Object.keys(change)) {
        const value = before[i]?.[name];
        if (value === undefined) delete environment[name];
        else environment[name] = value;
      }
    }
  };
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}
