import { readdir, readFile } from 'node:fs/promises';
import { expect, test } from '@jest/globals';

const folder = new URL('.', import.meta.url);
const sources = (await readdir(folder)).filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'));
const modules = await Promise.all(sources.map((name) => import(new URL(name, folder).href) as Promise<object>));
const exported: Record<string, unknown> = Object.assign({}, ...modules);
const texts = await Promise.all(sources.map((name) => readFile(new URL(name, folder), 'utf8')));
const examples = texts.flatMap((text) =>
  [...text.matchAll(/@example (.+); \/\/ returns (.+)/g)].map((m) => m.slice(1, 3)),
);

test.each(examples as [string, string][])('the documented example holds: %s → %s', (call, promised) => {
  const evaluate = (code: string): unknown =>
    new Function(...Object.keys(exported), `return (${code})`)(...Object.values(exported));
  const actual = evaluate(call);
  const expected = evaluate(promised.replaceAll('~', '').replace(/ \(.*\)$/, ''));
  expect(rounded(actual, expected)).toEqual(expected);
});

test('every source file but the types has an example', () => expect(examples.length).toBeGreaterThan(18));

/** Numbers rounded to as many decimals as the documentation gives; what it does not mention is left out. */
function rounded(actual: unknown, expected: unknown): unknown {
  if (typeof actual === 'number') return Number(actual.toFixed(decimals(expected as number)));
  if (ArrayBuffer.isView(actual)) return [...(actual as Float64Array)];
  if (Array.isArray(actual)) return actual;
  return Object.fromEntries(
    Object.entries(expected as object).map(([key, value]) => [
      key,
      rounded((actual as Record<string, unknown>)[key], value),
    ]),
  );
}

function decimals(x: number): number {
  return String(x).split('.')[1]?.length ?? 0;
}
