import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { carrier, drawPublished, MarkingKey } from '@radiotracer/carriers';
import { log10CosineUpperTail } from '@radiotracer/stats';

const root = join(import.meta.dirname, '../..');
const packages = ['stats', 'carriers'];

const HASH = '0'.repeat(64);
const CANDIDATES = {
  ...{ keyId: HASH, split: 'train', classNames: ['cat'], height: 32, width: 32 },
  ...{ markingNetworkSha256: HASH, versions: 10, carrierUnit: 'image' as const },
  images: [{ row: 3, label: 0, versionSha256: Array<string>(10).fill(HASH) }],
};

/** What a stranger's program does with both packages; prints what it got. */
const PROGRAM = `
const key = new MarkingKey(new Uint8Array(32).fill(7));
const u = carrier(key, { unit: 'class', index: 3, version: 0, dimension: 512 });
const drawn = drawPublished(key, ${JSON.stringify(CANDIDATES)});
console.log(JSON.stringify([u[0], drawn, log10CosineUpperTail(0.5, u.length)]));
`;
const IMPORTS = `
import { carrier, drawPublished, MarkingKey } from '@radiotracer/carriers';
import { log10CosineUpperTail } from '@radiotracer/stats';
`;
const REQUIRES = IMPORTS.replace(/import (.*) from (.*);/g, 'const $1 = require($2);');

let folder: string;

/** @returns what it printed @throws Error that holds all that it printed, if it fails */
function run(command: string, args: string[], cwd = folder): string {
  const { PATH, HOME } = process.env; // without what npm sets for the script that runs this test
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, encoding: 'utf8', env: { PATH, HOME } });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}\n${stdout}${stderr}`);
  return stdout;
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'packaging-'));
  for (const name of packages) run('npm', ['pack', '--pack-destination', folder], join(root, 'packages', name));
  const tarballs = readdirSync(folder).map((file) => `./${file}`);
  run('npm', ['install', '--offline', '--no-audit', '--no-fund', '--prefix', folder, ...tarballs]);
}, 300_000);
afterAll(() => rmSync(folder, { recursive: true }));

function expectSameAsSources(printed: string): void {
  const key = new MarkingKey(new Uint8Array(32).fill(7));
  const u = carrier(key, { unit: 'class', index: 3, version: 0, dimension: 512 });
  expect(JSON.parse(printed)).toEqual([u[0], drawPublished(key, CANDIDATES), log10CosineUpperTail(0.5, 512)]);
}

test('install without any other package', () => {
  expect(readdirSync(join(folder, 'node_modules')).filter((name) => !name.startsWith('.'))).toEqual(['@radiotracer']);
  expect(readdirSync(join(folder, 'node_modules/@radiotracer')).sort()).toEqual(['carriers', 'stats']);
});

test('hold what is built, the README and no sources', () => {
  for (const name of packages) {
    const files = readdirSync(join(folder, 'node_modules/@radiotracer', name)).sort();
    expect(files).toEqual(['README.md', 'dist', 'package.json']);
  }
});

test('work in an ES module', () => {
  writeFileSync(join(folder, 'program.mjs'), IMPORTS + PROGRAM);
  expectSameAsSources(run(process.execPath, ['program.mjs']));
});

test('work in a CommonJS module', () => {
  writeFileSync(join(folder, 'program.cjs'), REQUIRES + PROGRAM);
  expectSameAsSources(run(process.execPath, ['program.cjs']));
});

test.each(['mts', 'cts'])('type-check in a .%s file, where a wrong argument is found', (extension) => {
  const misuse = `// @ts-expect-error -- a cosine is a number\nlog10CosineUpperTail('0.5', 512);\n`;
  writeFileSync(join(folder, `program.${extension}`), IMPORTS + PROGRAM + misuse);
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  const flags = ['--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2022', '--lib', 'es2022,dom'];
  expect(run(process.execPath, [tsc, ...flags, `program.${extension}`])).toBe('');
});
