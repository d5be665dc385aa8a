import { describe, expect, it } from '@jest/globals';
import { resolve } from 'node:path';
import { asCommandError, exitCodes } from './errors.ts';
import { notesFolder, storeOf } from './store-place.ts';

describe('storeOf', () => {
  it('is the absolute path of a folder, and a bucket as it is', () => {
    expect(storeOf({ store: 'runs/store' })).toBe(resolve('runs/store'));
    expect(storeOf({ store: 's3://models/runs', address: 'temporal:7233' })).toBe('s3://models/runs');
  });

  it.each([
    ['s3://models/runs', undefined, '--store: s3://models/runs needs --address'],
    ['s3://Models', 'temporal:7233', 'store: found "s3://Models", expected a folder or s3://bucket/path'],
  ])('refuses %s with the address %s', (store, address, message) => {
    let thrown: unknown;
    try {
      storeOf({ store, ...(address && { address }) });
    } catch (error) {
      thrown = error;
    }
    expect(asCommandError(thrown)).toMatchObject({
      message: expect.stringContaining(message),
      exitCode: exitCodes.usage,
    });
  });
});

describe('notesFolder', () => {
  it('is the store, or a folder of this machine for each bucket and path', () => {
    expect(notesFolder('/data/store')).toBe('/data/store');
    expect(notesFolder('s3://models/runs')).toMatch(/\/stores\/models%2Fruns%2F$/);
    expect(notesFolder('s3://models')).toMatch(/\/stores\/models%2F$/);
  });
});
