import { afterAll, afterEach, beforeAll, beforeEach, expect, it, jest } from '@jest/globals';
import { dirname } from 'node:path';

import { MarkingKey, type PublicationManifest } from '@radiotracer/carriers';
import { tf } from '@radiotracer/nets';

import {
  PIXELS,
  tinyExperiment,
  type TinyExperiment,
  untrained,
  VERSIONS,
  withManifest,
  withPixels,
  writeKey,
} from '../../test/tiny-experiment.ts';
import type { ExtractEvidenceInput } from './types.ts';

jest.setTimeout(60_000);

let experiment: TinyExperiment;
beforeAll(async () => {
  experiment = await tinyExperiment();
});
afterAll(() => experiment.remove());

let tensorsBefore: number;
beforeEach(() => {
  tensorsBefore = tf.memory().numTensors;
});
afterEach(() => expect(tf.memory().numTensors).toBe(tensorsBefore));

it('takes what belongs together', async () => {
  const { store, input } = experiment;
  const suspect = await untrained(store, 5, input.train);
  expect((await experiment.extract({ suspect })).facts.marked).toBe(12);
});

/** What is not as it was. */
type Case = () => Promise<{ input: Partial<ExtractEvidenceInput>; locations?: TinyExperiment['locations'] }>;
const otherKey = Buffer.alloc(32, 1);

async function changedManifest(change: (text: string) => string): ReturnType<Case> {
  const text = await experiment.manifest();
  expect(change(text)).not.toBe(text);
  const { store, input } = experiment;
  return { input: { publication: await withManifest(store, input.publication, change(text)) } };
}

async function changedVersions(change: (pixels: Uint8Array) => Uint8Array): ReturnType<Case> {
  const { store, input } = experiment;
  return { input: { versions: await withPixels(store, input.versions, change) } };
}

it.each<[string, Case, { name: string; message: RegExp }]>([
  [
    'another key than the publication’s',
    async () => ({ input: {}, locations: { key: await writeKey(dirname(experiment.locations.key), otherKey) } }),
    { name: 'MarkingError', message: /has id [0-9a-f]{64}, but these images belong to/ },
  ],
  [
    'another key, be it called the publication’s',
    async () => ({
      input: { keyId: new MarkingKey(otherKey).keyId },
      locations: { key: await writeKey(dirname(experiment.locations.key), otherKey) },
    }),
    { name: 'VerificationError', message: /commitment [0-9a-f]{64} is not to key [0-9a-f]{64} and this manifest/ },
  ],
  [
    'a manifest that says that another version was published',
    () => changedManifest((text) => text.replace(/"published":\d/, (found) => `"published":${found.endsWith('0') ? 1 : 0}`)), // prettier-ignore
    { name: 'VerificationError', message: /commitment .* is not to key .* and this manifest/ },
  ],
  [
    'one changed pixel of a decoy',
    async () => {
      const { images } = JSON.parse(await experiment.manifest()) as PublicationManifest;
      const decoy = images[2]?.published === 0 ? 1 : 0;
      return changedVersions((pixels) => {
        const at = (2 * VERSIONS + decoy) * PIXELS + 100;
        return pixels.with(at, (pixels[at] as number) ^ 1);
      });
    },
    {
      name: 'VerificationError',
      message: /^carriers: version [01] of row \d+ has pixels of SHA-256 .* committed was/,
    },
  ],
  [
    'versions in another order',
    () => changedVersions((pixels) => Uint8Array.from([...pixels.subarray(PIXELS), ...pixels.subarray(0, PIXELS)])),
    { name: 'VerificationError', message: /^carriers: version 0 of row \d+ has pixels of SHA-256/ },
  ],
  [
    'versions that lack one',
    () => changedVersions((pixels) => pixels.slice(0, -PIXELS)),
    { name: 'VerificationError', message: /there are 35 versions, committed were 3 of each of 12 images/ },
  ],
  [
    'another marking network than the one committed to',
    async () => ({ input: { markingNetwork: experiment.input.suspect } }),
    { name: 'VerificationError', message: /^detector: the marking network has weights of SHA-256 .* committed was/ },
  ],
  [
    'a suspect with other classes',
    async () => {
      const facts = { classNames: ['fractal-0', 'fractal-2', 'fractal-1'] };
      return { input: { suspect: await untrained(experiment.store, 4, { ...experiment.input.train, facts }) } };
    },
    {
      name: 'UnfitSuspectError',
      message:
        /^detector: the suspect has classes fractal-0, fractal-2, fractal-1, the corpus fractal-0, fractal-1, fractal-2; they must/,
    },
  ],
  [
    'a suspect whose losses are no numbers',
    async () => ({
      input: {
        suspect: await untrained(experiment.store, 4, experiment.input.train, (values, name) =>
          name === 'fc.bias' ? values.map(() => NaN) : values,
        ),
      },
    }),
    {
      name: 'InvalidEvidenceError',
      message: /marked\.suspectLoss\[0\]\[0\] \(marked image 0, version 0\) is invalid/,
    },
  ],
])('refuses %s, and leaves no evidence', async (_, prepare, { name, message }) => {
  const { input, locations } = await prepare();
  const before = await experiment.store.list();
  await expect(experiment.extract(input, locations && { locations })).rejects.toMatchObject({
    name,
    retryable: false,
    message: expect.stringMatching(message),
  });
  expect(await experiment.store.list()).toEqual(before);
});
