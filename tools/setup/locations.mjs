/** Where the set-up keeps what it provides. Others find it again through these functions only. */
import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { atLeast } from './versions.mjs';
import { pins } from './pins.mjs';

/**
 * The folder of everything downloaded or built, shared by all clones of one user.
 *
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {string} `RADIOTRACER_CACHE`, else `$XDG_CACHE_HOME/radiotracer`, else `~/.cache/radiotracer`; absolute, as
 *   links and Go need it
 */
export function cacheFolder(env = process.env) {
  return resolve(env.RADIOTRACER_CACHE || join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'radiotracer'));
}

/**
 * The `temporal` executable: the one that `RADIOTRACER_TEMPORAL_BIN` names, else the first on PATH that is new enough,
 * else the one that the set-up built.
 *
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {string | undefined} its path; undefined if there is none
 */
export function temporalServer(env = process.env) {
  if (env.RADIOTRACER_TEMPORAL_BIN) return env.RADIOTRACER_TEMPORAL_BIN;
  const onPath = (env.PATH ?? '').split(delimiter).map((folder) => join(folder || '.', 'temporal'));
  return onPath.find((path) => isExecutable(path) && isNewEnough(path)) ?? [builtTemporal(env)].find(isExecutable);
}

/**
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {string} where the set-up puts the Temporal server that it builds
 */
export function builtTemporal(env = process.env) {
  return join(cacheFolder(env), `temporal-${pins.temporal.version}`, 'temporal');
}

/**
 * The S3 server that tests use: `RADIOTRACER_TEST_VERSITYGW`, else the one that the set-up for tests built.
 *
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {string | undefined} path of the `versitygw` executable; undefined if there is none
 */
export function testS3Server(env = process.env) {
  return env.RADIOTRACER_TEST_VERSITYGW || [builtVersitygw(env)].find(isExecutable);
}

/**
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {string} where the set-up puts the S3 server that it builds
 */
export function builtVersitygw(env = process.env) {
  return join(cacheFolder(env), `versitygw-${pins.versitygw.version}`, 'versitygw');
}

/**
 * The browser that tests use: `RADIOTRACER_TEST_CHROMIUM`, else the one that the set-up for tests unpacked.
 *
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {string | undefined} path of an executable that is called as Chromium is; undefined if there is none
 */
export function testChromium(env = process.env) {
  return env.RADIOTRACER_TEST_CHROMIUM || [unpackedChromium(env)].find(isExecutable);
}

/**
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {string} where the set-up puts the browser that it unpacks
 */
export function unpackedChromium(env = process.env) {
  return join(cacheFolder(env), `chromium-${pins.chromium.version}`, 'chromium');
}

/** @param {string} path */
function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * Compares the server inside, because an executable made by `go install` calls its own version 0.0.0-DEV.
 * @param {string} path
 */
function isNewEnough(path) {
  const { stdout } = spawnSync(path, ['--version'], { encoding: 'utf8' });
  const server = /Server (\d+\.\d+\.\d+)/.exec(stdout ?? '')?.[1];
  return server !== undefined && atLeast(server, pins.temporal.minServerVersion);
}
