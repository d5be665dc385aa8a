import { makeCommitment } from '@radiotracer/evidence';
import { looksText } from './looks-text.ts';

const hex = 'a'.repeat(64);
const commitment = makeCommitment(
  { commitment: hex, keyId: hex, publishedDigest: hex, candidates: hex },
  { test: 'anytime', level: 1e-4, looks: 1 },
);

test('says of a suspect that was asked no longer than needed after how many draws it was sure', () => {
  const look = { number: 1, name: 'suspect', knownBy: 'answers', suspectSha256: hex, isDetected: true } as const;
  const p = { log10P: -4.12, adjustedLog10P: -4.12 };
  const stopped = { ...look, ...p, sampleSize: { images: 65, draws: 65, 'draws in all': 500, versions: 10 } };
  const whole = { ...look, ...p, number: 2, sampleSize: { images: 500, draws: 500, versions: 10 } };
  const texts = looksText({ looks: [stopped, whole], tests: 1, isAsPlanned: true, commitment });
  expect(texts).toEqual([
    'look 1  suspect  detected  p = 10^-4.1  after 65 of 500 draws  answers aaaaaaaaaaaaaaaa…',
    'look 2  suspect  detected  p = 10^-4.1  answers aaaaaaaaaaaaaaaa…',
    'one look was planned; level 0.0001; anytime-valid decoy test on reference-corrected losses',
  ]);
});
