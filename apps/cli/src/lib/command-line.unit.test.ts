import { resolve } from 'node:path';
import { afterEach, expect, test } from '@jest/globals';
import { commandLine } from './command-line.ts';

afterEach(() => {
  delete process.env['TEMPORAL_ADDRESS'];
});

test('names the store where it is not the default, however that was typed', () => {
  expect(commandLine(['status', 'a-1'], { store: resolve('runs/store') })).toBe('radiotracer status a-1');
  expect(commandLine(['status', 'a-1'], { store: '/data/store' })).toBe('radiotracer status a-1 --store /data/store');
});

test('names a server elsewhere, unless the environment does', () => {
  const server = { address: 'cloud:7233', namespace: 'mine' };
  expect(commandLine(['cancel', 'a'], server)).toBe('radiotracer cancel a --address cloud:7233 --namespace mine');
  process.env['TEMPORAL_ADDRESS'] = 'cloud:7233';
  expect(commandLine(['cancel', 'a'], { ...server, namespace: 'default' })).toBe('radiotracer cancel a');
});

test('can be pasted into a shell', () => {
  expect(commandLine(['keygen', "my key's"], {})).toBe(`radiotracer keygen 'my key'\\''s'`);
});
