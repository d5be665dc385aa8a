import { readdir, readFile } from 'node:fs/promises';
import { expect, test } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { parse } from 'yaml';
import { schemaFiles } from '../../test/schema-files.ts';

const root = new URL('../../../../', import.meta.url);
const files = await schemaFiles();

test.each(files)('$name is that of the code; else run apps/cli/test/write-schemas.ts', async ({ url, text }) => {
  expect(await readFile(url, 'utf8')).toBe(text);
});

test('the schemas take every file that the project ships, and refuse a field with a typing error', async () => {
  const ajv = new Ajv2020({ allErrors: true });
  const [settings, study] = files.map(({ text }) => ajv.compile(JSON.parse(text) as object));
  const read = async (path: string): Promise<unknown> => parse(await readFile(new URL(path, root), 'utf8'));
  const studies = (await readdir(new URL('studies/', root))).filter((name) => name.endsWith('.yaml'));
  expect(studies.length).toBeGreaterThan(0);
  for (const name of studies)
    expect([name, study?.(await read(`studies/${name}`)), study?.errors]).toEqual([name, true, null]);
  expect([settings?.(await read('docs/paper.yaml')), settings?.errors]).toEqual([true, null]);
  expect(settings?.({ training: { epoch: 3 } })).toBe(false);
  expect(study?.({ title: 'A study', settings: { marking: { radius: 0 } } })).toBe(false);
});
