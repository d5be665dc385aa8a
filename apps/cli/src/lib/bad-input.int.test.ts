import { rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { asked } from '../../test/bad-input/asked.ts';
import {
  canRunUnprivileged,
  inPool,
  tryBadInput,
  type BadInput,
  type Outcome,
} from '../../test/bad-input/bad-input.ts';
import { config } from '../../test/bad-input/config.ts';
import { corpora } from '../../test/bad-input/corpora.ts';
import { experiment } from '../../test/bad-input/experiment.ts';
import { flags } from '../../test/bad-input/flags.ts';
import { folders } from '../../test/bad-input/folders.ts';
import { keys } from '../../test/bad-input/keys.ts';
import { places } from '../../test/bad-input/places.ts';
import { results } from '../../test/bad-input/results.ts';
import { makeWorld } from '../../test/bad-input/world.ts';
import { main } from '../../test/run-command.ts';

/*
 * Every input that is wrong, through the real command: one line that says what is wrong, the exit code of its cause,
 * nothing on stdout, nothing written, and soon. In the same folder, but for the one wrong thing, a run goes on to where
 * it needs a server, which shows that it was this thing that was refused.
 */

const commandsAtOnce = 3;
/** It takes about one on two cores, most of it to load what it needs; CI may be slow. */
const limitSeconds = 10;

const cases = [...flags, ...config, ...corpora, ...keys, ...results, ...folders, ...asked, ...places];

let world: string;
const outcomes = new Map<BadInput, Outcome>();
beforeAll(async () => {
  world = await makeWorld();
  const isPossible = canRunUnprivileged(main);
  if (!isPossible)
    console.log('skips what needs a user who may not read everything: this is root, nobody may not run it');
  const tasks = cases
    .filter(({ unprivileged }) => !unprivileged || isPossible)
    .map((input) => async () => outcomes.set(input, await tryBadInput(main, world, input)));
  await inPool(commandsAtOnce, tasks);
}, 600_000);
afterAll(() => rm(world, { recursive: true, force: true }));

test('there are more than a hundred, no two of one name', () => {
  expect(cases.length).toBeGreaterThan(100);
  expect(new Set(cases.map(({ title }) => title)).size).toBe(cases.length);
});

test.each(cases.map((input) => [input.title, input] as const))('%s', (_, input) => {
  const outcome = outcomes.get(input);
  if (!outcome) return; // skipped, which was said
  const { code, stdout, stderr, seconds, before, after } = outcome;
  const { says, lines = 1 } = input;
  expect({ stderr, code }).toEqual({ stderr: expect.stringMatching(/^error: [^]*\n$/), code: input.code });
  for (const text of says) expect(stderr).toContain(text);
  expect(stderr.trimEnd().split('\n')).toHaveLength(lines);
  expect(stderr).not.toMatch(/\bat .*:\d+:\d+/); // no stack trace
  expect(stdout).toBe('');
  expect(after).toEqual(before);
  expect(seconds).toBeLessThan(limitSeconds);
});

describe('with everything in order', () => {
  const tryArgs = (args: readonly string[]): Promise<Outcome> => tryBadInput(main, world, { args });

  test('an experiment goes on until it needs a server', async () => {
    const { code, stderr } = await tryArgs(experiment());
    expect(stderr).toContain('the local Temporal server did not start');
    expect(code).toBe(6);
  });

  test('a publication is verified', async () => {
    const { code, stdout } = await tryArgs(['verify', 'marked', '--key', 'my.key']);
    expect(stdout).toContain('manifest and 8 marked images are what was committed to');
    expect(code).toBe(0);
  });

  test('a detection goes on until it needs a server', async () => {
    const detect = ['detect', '--publication', 'marked', '--suspect', 'suspect', '--key', 'my.key', '--store', 'store'];
    const { code, stderr } = await tryArgs(detect);
    expect(stderr).toContain('the local Temporal server did not start');
    expect(code).toBe(6);
  });
});

test('an address where something else answers ends with 5', async () => {
  const server = createServer((socket) => socket.once('data', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    const address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    const { code, stderr } = await tryBadInput(main, world, { args: experiment({ address }) });
    expect(stderr).toBe(
      `error: no Temporal server answers at ${address} (something else does); give <host>:<port> of one\n`,
    );
    expect(code).toBe(5);
  } finally {
    server.close();
  }
});
