import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { thisProcess } from '@radiotracer/store';
import { findLocalServer, stopLocalServer, type LocalServer } from './local-server.ts';

let store: string;
beforeEach(async () => {
  store = await mkdtemp(join(tmpdir(), 'radiotracer-server-'));
  await mkdir(join(store, 'temporal'));
});
afterEach(() => rm(store, { recursive: true, force: true }));

/** What the store says of its server. */
async function serverIs(process: object): Promise<LocalServer> {
  const server = { ...(await thisProcess()), address: 'a:1', uiAddress: 'http://a:2', build: 'b', ...process };
  await writeFile(join(store, 'temporal', 'server.json'), JSON.stringify(server));
  return server;
}

test('a server is found while its process lives', async () => {
  expect(await findLocalServer(store)).toBeUndefined();
  const server = await serverIs({});
  expect(await findLocalServer(store)).toEqual(server);
});

test('a damaged note of a server is as good as none', async () => {
  for (const text of ['', '{"pid":', '{"pid":"1"}']) {
    await writeFile(join(store, 'temporal', 'server.json'), text);
    expect(await findLocalServer(store)).toBeUndefined();
  }
});

test('a process that only has the id of an earlier server is none, and is not stopped', async () => {
  const server = await serverIs({ start: '1' });
  expect(await findLocalServer(store)).toBeUndefined();
  await stopLocalServer(server); // the test itself would be gone
});

test('stopping waits for the end', async () => {
  const child = spawn('sleep', ['60']);
  const exit = once(child, 'exit');
  const stat = await readFile(`/proc/${child.pid}/stat`, 'utf8');
  const server = await serverIs({ pid: child.pid, start: stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] });
  await stopLocalServer(server);
  expect(await findLocalServer(store)).toBeUndefined();
  expect(await exit).toEqual([null, 'SIGTERM']);
});
