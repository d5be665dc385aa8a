import { expect, test } from '@jest/globals';
import { keyOf, manifestOf, releaseOf } from '../../test/example-bundle.ts';
import { verifyAnnouncement } from './verify-announcement.ts';

const key = keyOf(1);
const plan = { test: 'exact', level: 1e-4, looks: 3 } as const;
const beacon = `drand.quicknet:1:${'0f'.repeat(32)}`;
const announced = { ...releaseOf(key, manifestOf(key), plan).commitment, announces: 'drand.quicknet:1' };
const { commitment } = releaseOf(key, manifestOf(key, { beacon }), plan);

test('the same key, candidates and plan, drawn by a beacon after it', () => {
  expect(commitment.commitment).not.toBe(announced.commitment);
  expect(() => verifyAnnouncement(commitment, announced, 'announced.json')).not.toThrow();
});

test.each([
  ['a key', { keyId: 'ab'.repeat(32) }, 'commitment.json has keyId abab'],
  ['candidates', { candidates: 'ab'.repeat(32) }, 'commitment.json has candidates abab'],
  [
    'a test',
    { plan: { ...commitment.plan, test: 'another' } },
    'commitment.json has test another; announced was exact',
  ],
  ['a score', { plan: { ...commitment.plan, scoreVersion: 1 } }, 'commitment.json has scoreVersion 1; announced was 2'],
  ['a level', { plan: { ...commitment.plan, level: 1e-3 } }, 'commitment.json has level 0.001; announced was 0.0001'],
  [
    'looks',
    { plan: { ...commitment.plan, looks: 1 } },
    'commitment.json has looks 1; announced was 3 (announced.json)',
  ],
  ['a round', { beacon: beacon.replace(':1:', ':12:') }, 'commitment.json has beacon drand.quicknet:12:0f'],
  ['a source', { beacon: beacon.replace('.', '-') }, 'commitment.json has beacon drand-quicknet:1:0f'],
  ['no beacon', { beacon: undefined }, 'commitment.json names no beacon'],
])('refuses %s that was not announced', (_, changes, problem) => {
  const verify = () => verifyAnnouncement({ ...commitment, ...changes }, announced, 'announced.json');
  expect(verify).toThrow(expect.objectContaining({ name: 'VerificationError' }));
  expect(verify).toThrow(`evidence: ${problem}`);
});

test('refuses an announcement that names no round, or knew what a beacon drew', () => {
  const { announces: _, ...silent } = announced;
  expect(() => verifyAnnouncement(commitment, silent, 'plan.json')).toThrow(
    'evidence: plan.json announces no round of a beacon',
  );
  expect(() => verifyAnnouncement(commitment, commitment, 'late.json')).toThrow(
    `evidence: late.json is of a draw by ${beacon}; an announcement comes before a beacon draws`,
  );
});
