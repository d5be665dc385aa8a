import { describe, expect, it } from '@jest/globals';
import { simulatedEvidence } from '../../test/simulated-evidence.ts';
import { InvalidEvidenceError } from './errors.ts';
import { parseEvidence } from './parse-evidence.ts';
import type { Evidence } from './types.ts';
import { weightsText } from './weights-text.ts';

/** Evidence as it comes from a file, open to damage. */
type Loose = { -readonly [K in keyof Evidence]: any }; // eslint-disable-line @typescript-eslint/no-explicit-any -- damaged on purpose
const damaged = (damage: (evidence: Loose) => void): Loose => {
  const evidence = structuredClone(simulatedEvidence({ seed: 1 })) as Loose;
  damage(evidence);
  return evidence;
};

describe('parseEvidence', () => {
  it('accepts evidence that went through JSON, unchanged', () => {
    const evidence = simulatedEvidence({ seed: 1 });
    expect(parseEvidence(JSON.parse(JSON.stringify(evidence)))).toEqual(evidence);
  });

  it('accepts evidence from before class weights were recorded', () => {
    const evidence = damaged((e) => delete e.whiteBox.alignedWeights);
    expect(parseEvidence(JSON.parse(JSON.stringify(evidence)))).toEqual(evidence);
  });

  it('accepts a suspect whose features do not vary: null for R² and cosines', () => {
    const evidence = damaged((e) => (e.whiteBox = { ...e.whiteBox, heldOutR2: null, cosine: Array(5).fill(null) }));
    expect(parseEvidence(JSON.parse(JSON.stringify(evidence)))).toEqual(evidence);
  });

  it.each<[string, (evidence: Loose) => void, RegExp]>([
    [
      'NaN as a loss',
      (e) => (e.marked.suspectLoss[3][7] = NaN),
      /marked\.suspectLoss\[3\]\[7\] \(marked image 3, version 7\).*NaN/,
    ],
    [
      'a loss that the tests could not square',
      (e) => (e.marked.suspectLoss[0][1] = -1e200),
      /marked\.suspectLoss\[0\]\[1\] \(marked image 0, version 1\) is invalid: Too small/,
    ],
    ['NaN that JSON made null', (e) => (e.marked.referenceLoss[4][0] = null), /\(marked image 4, version 0\).*null/],
    [
      'a missing version',
      (e) => e.marked.suspectLoss[5].pop(),
      /marked image 5: suspectLoss has 9 values, expected 10/,
    ],
    ['a missing image', (e) => e.marked.referenceLoss.pop(), /marked referenceLoss has 49 values, expected 50/],
    [
      'a published version that does not exist',
      (e) => (e.marked.published[2] = 10),
      /marked\.published\[2\] is 10, expected less than 10/,
    ],
    ['a label without a class', (e) => (e.marked.label[0] = 5), /marked\.label\[0\] is 5, expected less than 5/],
    [
      'no decoys',
      (e) => (e.marked.suspectLoss = e.marked.suspectLoss.map(() => [1])),
      /has 1 versions, expected 2 or more/,
    ],
    [
      'a suspect that is known by nothing',
      (e) => (e.suspect = { key: 'k' }),
      /suspect is invalid: expected key, and either weightsSha256 or answers and answersSha256/,
    ],
    [
      'the draws of a publication that are no more than it has',
      (e) => (e.totalDraws = 50),
      /totalDraws is 50, expected more than the 50 draws in marked/,
    ],
    ['no marked image', (e) => (e.marked.label = []), /marked\.label is invalid/],
    ['a cosine above 1', (e) => (e.whiteBox.cosine[1] = 1.5), /whiteBox\.cosine\[1\] is invalid/],
    ['the carrier itself as a weight', (e) => (e.whiteBox.cosine[1] = 1), /whiteBox\.cosine\[1\] is invalid/],
    ['a class without its cosine', (e) => e.whiteBox.cosine.pop(), /whiteBox cosine has 4 values, expected 5/],
    [
      'class weights of another size',
      (e) => (e.whiteBox.alignedWeights = weightsText(new Float32Array(64))),
      /whiteBox\.alignedWeights holds 256 bytes of base64, expected 1280: 5 classes × 64 float32/,
    ],
    [
      'a class weight that is no number',
      (e) => (e.whiteBox.alignedWeights = weightsText(new Float32Array(5 * 64).fill(NaN, 70))),
      /whiteBox\.alignedWeights has NaN in class 1, expected finite numbers/,
    ],
    [
      'class weights of the reference of another shape',
      (e) => (e.whiteBox.referenceWeights = [weightsText(new Float32Array(64))]),
      /whiteBox\.referenceWeights\[0\] holds 256 bytes of base64, expected 1280: 5 classes × 64 float32/,
    ],
    [
      'a class without what is beyond the reference',
      (e) => e.whiteBox.excessCosine?.pop(),
      /whiteBox excessCosine has 4 values, expected 5/,
    ],
    [
      'unmarked losses that lack one',
      (e) => e.unmarked.suspectLoss.pop(),
      /unmarked suspectLoss has 499 values, expected 500/,
    ],
  ])('refuses %s, and says where', (_, damage, message) => {
    const parse = () => parseEvidence(damaged(damage));
    expect(parse).toThrow(InvalidEvidenceError);
    expect(parse).toThrow(message);
  });

  it('refuses what is no evidence at all', () => {
    expect(() => parseEvidence('losses')).toThrow('detector: evidence: evidence.json is invalid');
  });
});
