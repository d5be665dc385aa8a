import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Bucket } from './bucket.ts';

/* What a server says that the one of the other tests never does. */
const conflict = '<Error><Code>ConditionalRequestConflict</Code><Message>at the same time</Message></Error>';
const before = { ...process.env };
let server: Server;
/** How many writes meet others. */
let conflicts: number;
let bucket: Bucket;

beforeEach(async () => {
  server = createServer((request, response) => {
    request.resume().once('end', () => {
      if (conflicts-- > 0) response.writeHead(409, { 'Content-Type': 'application/xml' }).end(conflict);
      else response.setHeader('ETag', '"written"').end();
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  Object.assign(process.env, {
    AWS_ENDPOINT_URL_S3: `http://127.0.0.1:${port}`,
    AWS_ACCESS_KEY_ID: 'id',
    AWS_SECRET_ACCESS_KEY: 'secret',
    AWS_REGION: 'us-east-1',
  });
  bucket = await Bucket.open({ bucket: 'runs', prefix: '' });
});
afterEach(() => {
  process.env = before;
  server.closeAllConnections();
  server.close();
});

it('writes a small object again if it met another write', async () => {
  conflicts = 2;
  expect(await bucket.put('lock', 'mine', 'absent')).toBe('"written"');
});

it('gives up where every write meets another, and says so', async () => {
  conflicts = Infinity;
  await expect(bucket.put('lock', 'mine', 'absent')).rejects.toMatchObject({
    name: 'S3RefusedError',
    message: 'store: s3://runs/: ConditionalRequestConflict: at the same time',
  });
});
