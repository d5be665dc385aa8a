import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import { Client, Connection } from '@temporalio/client';
import { train } from '@radiotracer/workflows';
import { eventually } from '../../test/probe.ts';
import { startDevServer, type DevServer } from './dev-server.ts';
import { temporalBinary } from './temporal-binary.ts';

jest.setTimeout(120_000);

async function answers(address: string): Promise<boolean> {
  try {
    await (await Connection.connect({ address, connectTimeout: '1 s' })).close();
    return true;
  } catch {
    return false;
  }
}

test('serves clients and the web UI until it is stopped', async () => {
  const server = await startDevServer({ ui: true });
  expect(await answers(server.address)).toBe(true);
  expect((await fetch(server.uiAddress ?? '')).status).toBe(200);
  await server.stop();
  expect(await answers(server.address)).toBe(false);
  await server.stop();
});

test('keeps workflows in its file from one start to the next', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'radiotracer-server-'));
  const dbFile = join(folder, 'temporal.sqlite');
  for (const isFirst of [true, false]) {
    const server = await startDevServer({ dbFile });
    const connection = await Connection.connect({ address: server.address });
    const { workflow } = new Client({ connection });
    if (isFirst) await workflow.start(train, { taskQueue: 'nobody', workflowId: 'kept', args: [{} as never] });
    expect((await workflow.getHandle('kept').describe()).status.name).toBe('RUNNING');
    await connection.close();
    await server.stop();
  }
  await rm(folder, { recursive: true });
});

test('knows a workflow for ten years after its end', async () => {
  const server = await startDevServer();
  const connection = await Connection.connect({ address: server.address });
  const { config } = await connection.workflowService.describeNamespace({ namespace: 'default' });
  expect(Number(config?.workflowExecutionRetentionTtl?.seconds)).toBe(3_650 * 86_400);
  await connection.close();
  await server.stop();
});

/** Starts a server by a shell script, which gets the path of the executable and its arguments. */
async function startByScript(folder: string, script: string): Promise<DevServer> {
  const wrapper = join(folder, 'temporal');
  await writeFile(wrapper, `#!/bin/sh\nset -- ${temporalBinary()} "$@"\n${script}\n`, { mode: 0o755 });
  const { RADIOTRACER_TEMPORAL_BIN: before } = process.env;
  process.env['RADIOTRACER_TEMPORAL_BIN'] = wrapper;
  return startDevServer().finally(() => {
    if (before === undefined) delete process.env['RADIOTRACER_TEMPORAL_BIN'];
    else process.env['RADIOTRACER_TEMPORAL_BIN'] = before;
  });
}

test('tells when the server has ended without being asked, and how', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'radiotracer-server-'));
  const server = await startByScript(folder, `echo $$ > ${folder}/pid; exec "$@"`);
  let isOver = false;
  void server.ended.then(() => (isOver = true));
  expect(await answers(server.address)).toBe(true);
  expect(isOver).toBe(false);

  process.kill(Number(await readFile(join(folder, 'pid'), 'utf8')), 'SIGKILL');
  expect(await server.ended).toBe('ended with SIGKILL');
  expect(await answers(server.address)).toBe(false);
  await server.stop();
  await rm(folder, { recursive: true });
});

test('starts again when a port that was free has been taken meanwhile, and without the trace says when it stays so', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'radiotracer-server-'));
  const taken = 'echo "listen tcp 127.0.0.1:1: bind: address already in use" >&2; echo "goroutine 1" >&2; exit 2';
  const server = await startByScript(folder, `mkdir ${folder}/second || exec "$@"; ${taken}`);
  expect(await answers(server.address)).toBe(true);
  await server.stop();
  await expect(startByScript(folder, taken)).rejects.toThrow(
    /exit code 2\nlisten tcp 127.0.0.1:1: bind: address already in use$/,
  );
  await rm(folder, { recursive: true });
});

test('names a port that is taken', async () => {
  const server = await startDevServer();
  const port = Number(server.address.split(':')[1]);
  await expect(startDevServer({ port })).rejects.toMatchObject({
    name: 'DevServerError',
    message: `worker: port ${port} of 127.0.0.1 is taken; stop what uses it or choose another`,
  });
  await server.stop();
});

test('says what the server printed when it does not start', async () => {
  const starting = startDevServer({ dbFile: '/nowhere/temporal.sqlite' });
  await expect(starting).rejects.toThrow(/^worker: the Temporal server at .* ended with exit code 1\n.*\/nowhere/);
});

test('is gone when the process that started it is killed', async () => {
  const script = `
    import { startDevServer } from ${JSON.stringify(new URL('./dev-server.ts', import.meta.url).href)};
    console.log((await startDevServer()).address);`;
  const flags = ['--conditions=@radiotracer/source', '--import', 'tsx', '--input-type=module'];
  const owner = spawn(process.execPath, [...flags, '--eval', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  let printed = '';
  owner.stdout.on('data', (data: Buffer) => (printed += data));
  try {
    const address = await eventually(() => /^127\.0\.0\.1:\d+$/m.exec(printed)?.[0]);
    expect(await answers(address)).toBe(true);
    owner.kill('SIGKILL');
    await eventually(async () => !(await answers(address)));
  } finally {
    owner.kill('SIGKILL');
  }
});
