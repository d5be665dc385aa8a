import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { msToTs } from '@temporalio/common/lib/time.js';
import { NativeConnection } from '@temporalio/worker';
import { DevServerError } from './errors.ts';
import { temporalBinary } from './temporal-binary.ts';

export interface DevServerOptions {
  /** SQLite file that keeps all workflows from one start to the next; without it they live in memory. */
  readonly dbFile?: string;
  /** Whether to serve the web UI. @default false */
  readonly ui?: boolean;
  /** @default a free one */
  readonly port?: number;
}

export interface DevServer {
  /** `host:port` for clients and workers. */
  readonly address: string;
  /** URL of the web UI, if there is one. */
  readonly uiAddress: string | undefined;
  /** Resolves when the server is gone, by `stop` or otherwise, with how it ended: "ended with SIGKILL". */
  readonly ended: Promise<string>;
  stop(): Promise<void>;
}

const HOST = '127.0.0.1';
const READY_WITHIN_MS = 30_000;
const KILL_AFTER_MS = 5_000;
/** How often a server that ends before it serves is started. */
const STARTS = 3;
/** For how long the server knows a workflow that has ended: as good as ever, where its own default is a day. */
const RETENTION = '3650 days';

/**
 * Starts Temporal's development server, and waits until it serves. It ends with `stop`, or with this process however
 * that ends; it does not end with Ctrl-C alone, so that a worker can say good-bye to it.
 *
 * @throws DevServerError if the port is taken, or with what the server printed if it ends or is not ready within 30 s
 */
export async function startDevServer(options: DevServerOptions = {}): Promise<DevServer> {
  for (let start = 1; ; start++) {
    try {
      return await startOnce(options);
    } catch (error) {
      // Besides the ports that it is given the server takes some of its own, each tried before it is used, so that another
      // process may have it by then. On a busy machine one has ended without a word, too.
      if (start === STARTS || !(error as Error).message.includes('ended with exit code')) throw error;
    }
  }
}

async function startOnce({ dbFile, ui = false, port }: DevServerOptions): Promise<DevServer> {
  const binary = temporalBinary();
  const serverPort = await freePort(port);
  const uiPort = ui ? await freePort() : undefined;
  const server = spawn(
    binary,
    [
      ...['server', 'start-dev', '--ip', HOST, '--port', `${serverPort}`, '--log-level', 'error'],
      ...(uiPort === undefined ? ['--headless'] : ['--ui-port', `${uiPort}`]),
      ...(dbFile === undefined ? [] : ['--db-filename', dbFile]),
    ],
    { stdio: ['ignore', 'ignore', 'pipe'], detached: true },
  );
  let printed = '';
  server.stderr.setEncoding('utf8').on('data', (text: string) => (printed = (printed + text).slice(0, 20_000)));
  const ended = new Promise<string>((resolve) => {
    server.once('error', (error) => resolve(`cannot be run (${error.message}); is ${binary} there?`));
    server.once('close', (code, signal) => resolve(`ended with ${signal ?? `exit code ${code}`}`));
  });
  endWithThisProcess(server);

  const address = `${HOST}:${serverPort}`;
  const giveUp = new AbortController();
  const cause = await Promise.race([ended, ready(address, giveUp.signal)]);
  giveUp.abort();
  if (cause !== undefined) {
    await stop(server);
    const [beforeTrace = ''] = printed.split(/^goroutine /m);
    throw new DevServerError(`worker: the Temporal server at ${address} ${cause}\n${beforeTrace.trim()}`.trim());
  }
  return {
    address,
    uiAddress: uiPort === undefined ? undefined : `http://${HOST}:${uiPort}`,
    ended,
    stop: () => stop(server),
  };
}

/** Resolves when a server answers for its default namespace and keeps what ends there, or with the reason why not. */
async function ready(address: string, giveUp: AbortSignal): Promise<string | undefined> {
  const deadline = Date.now() + READY_WITHIN_MS;
  while (!giveUp.aborted) {
    try {
      const connection = await NativeConnection.connect({ address });
      try {
        await connection.workflowService.updateNamespace({
          namespace: 'default',
          config: { workflowExecutionRetentionTtl: msToTs(RETENTION) },
        });
        return undefined;
      } finally {
        await connection.close();
      }
    } catch (error) {
      if (Date.now() > deadline)
        return `was not ready within ${READY_WITHIN_MS / 1000} s (${(error as Error).message})`;
      await setTimeout(100);
    }
  }
  return undefined;
}

async function stop(server: ChildProcess): Promise<void> {
  if (server.pid === undefined || server.exitCode !== null || server.signalCode !== null) return;
  const ended = once(server, 'exit');
  server.kill('SIGTERM');
  const timer = globalThis.setTimeout(() => server.kill('SIGKILL'), KILL_AFTER_MS);
  await ended;
  clearTimeout(timer);
}

/** Kills a process when this one is gone, even by SIGKILL: a shell waits for the end of a pipe that only we hold. */
function endWithThisProcess(server: ChildProcess): void {
  if (server.pid === undefined) return;
  const guard = spawn('sh', ['-c', 'cat; kill -9 "$0"', `${server.pid}`], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  guard.unref();
  server.once('exit', () => {
    guard.kill('SIGKILL');
    guard.stdin.destroy();
  });
}

/** A port that nobody listens on: the one that is wished for, or any. */
async function freePort(wished = 0): Promise<number> {
  const probe = createServer().listen(wished, HOST);
  try {
    await once(probe, 'listening');
  } catch (cause) {
    throw new DevServerError(`worker: port ${wished} of ${HOST} is taken; stop what uses it or choose another`, {
      cause,
    });
  }
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}
