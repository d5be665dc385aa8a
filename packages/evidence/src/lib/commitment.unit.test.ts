import { expect, test } from '@jest/globals';
import { z } from 'zod';
import schema from '../../commitment.schema.json' with { type: 'json' };
import { keyOf, manifestOf, releaseOf } from '../../test/example-bundle.ts';
import { commitmentSchema, commitmentText, makeCommitment, parseCommitment } from './commitment.ts';

const key = keyOf(1);
const { commitment } = releaseOf(key, manifestOf(key));

test('names the plan, and is the same text whatever the order of its fields', () => {
  const text = commitmentText(commitment);
  expect(text).toMatch(
    /^\{"candidates":"[0-9a-f]{64}","commitment":"[0-9a-f]{64}",.*"plan":\{"level":0.0001,"looks":1,"scoreVersion":2,"test":"exact.*"\},"publishedDigest".*\}\n$/,
  );
  const turned = Object.fromEntries(Object.entries(commitment).reverse()) as typeof commitment;
  expect(commitmentText(turned)).toBe(text);
  expect(parseCommitment(text, 'x')).toEqual(commitment);
});

test('shows nothing of key or draw: with another draw it has the same form, and no number of it is in the text', () => {
  const text = commitmentText(commitment);
  for (const secret of ['row', 'label', 'published"', 'versions', 'images', 'split'])
    expect(text).not.toContain(secret);
  const [a, b] = [key, keyOf(2)].map((other) => commitmentText(releaseOf(other, manifestOf(other)).commitment));
  expect(a?.replace(/[0-9a-f]{64}/g, 'hash')).toBe(b?.replace(/[0-9a-f]{64}/g, 'hash'));
});

test.each([
  ['no JSON', (text: string) => text.slice(1), 'is not JSON'],
  ['a field too much', (text: string) => text.replace('{', '{"more":1,'), 'the whole: Unrecognized key: "more"'],
  [
    'the form before',
    (text: string) => text.replace('-v2', '-v1').replace(/"candidates":"\w+",/, ''),
    'format: expected radiotracer-commitment-v2; v1',
  ],
  ['a short hash', (text: string) => text.replace(/[0-9a-f]"/, '"'), 'candidates: expected 64 hex digits'],
  ['a level of 1', (text: string) => text.replace('0.0001', '1'), 'plan.level: '],
  ['no looks', (text: string) => text.replace('"looks":1', '"looks":0'), 'plan.looks: '],
  ['white space', (text: string) => text.replace(':', ': '), 'is not canonical JSON'],
  ['no line feed', (text: string) => text.trimEnd(), 'is not canonical JSON'],
])('refuses %s', (_, change, problem) => {
  const parse = () => parseCommitment(change(commitmentText(commitment)), 'commitment.json');
  expect(parse).toThrow(expect.objectContaining({ name: 'VerificationError' }));
  expect(parse).toThrow(`evidence: commitment.json ${problem.startsWith('is') ? '' : 'is no commitment: '}${problem}`);
});

test('a plan that cannot be is refused when it is made', () => {
  expect(() => makeCommitment(commitment, { test: 'exact', level: 2, looks: 1 })).toThrow('level');
});

test('the JSON Schema in the package is that of the code', () => {
  expect(schema).toEqual(JSON.parse(JSON.stringify(z.toJSONSchema(commitmentSchema))));
});
