import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { carrierGroup } from '@radiotracer/carriers';
import { ImageShards } from '@radiotracer/corpus';
import { openKey, type PublicationManifest } from '@radiotracer/marker';
import { type FrozenNetwork, Rng } from '@radiotracer/nets';
import type { Artifact, Stage } from '@radiotracer/store';
import { KeptPredictions, type NetworkFacts, openNetwork } from '@radiotracer/trainer';

import { UnfitSuspectError } from './errors.ts';
import { readReferences } from './fit-references.ts';
import { markedDirection } from './marked-direction.ts';
import { parseEvidence } from './parse-evidence.ts';
import type { Evidence, ExtractEvidenceInput } from './types.ts';
import { verifyManifest, verifyVersions } from './verify-committed.ts';
import { whiteBoxEvidence } from './white-box-evidence.ts';

/** Unmarked images that marked ones are compared with, for each marked image. */
const UNMARKED_PER_MARKED = 10;

/**
 * Looks at a suspect once and leaves `evidence.json`: all that the tests need, so that judging needs no network. Before
 * it looks, it checks that manifest, versions and marking network are what was committed to, with the key.
 *
 * @throws VerificationError if they are not; `UnfitSuspectError` if the suspect has other classes than the corpus;
 *   `InvalidEvidenceError` if one of the losses is not finite
 */
export const extractEvidence: Stage<ExtractEvidenceInput, { readonly marked: number }> = {
  name: 'extractEvidence',
  version: 6,
  async run(input, context) {
    checkClasses(input);
    const key = await openKey(input.keyId, context);
    const publication = await context.open(input.publication);
    const manifest = verifyManifest(input, key, await readFile(join(publication, 'private', 'manifest.json')));

    const atTheEnd: (() => void)[] = [];
    const openShards = async (artifact: Artifact): Promise<ImageShards> => {
      const shards = await ImageShards.open(await context.open(artifact));
      atTheEnd.push(() => shards.close());
      return shards;
    };
    const open = async (artifact: Artifact<NetworkFacts>): Promise<FrozenNetwork> => {
      const network = openNetwork(await context.open(artifact));
      atTheEnd.push(() => network.dispose());
      return network;
    };
    try {
      const versions = await openShards(input.versions);
      await verifyVersions(manifest, versions, context.signal);
      const train = await openShards(input.train);
      const test = await openShards(input.test);
      const suspect = await open(input.suspect);
      const reference = await open(input.markingNetwork);

      const unmarkedRows = sampleUnmarked(train.count, manifest);
      const look = new KeptPredictions(context, 2 * (versions.count + test.count) + unmarkedRows.length);
      const suspectLoss = await look.losses('suspect-on-versions', suspect, versions);
      const referenceLoss = await look.losses('reference-on-versions', reference, versions);
      const unmarkedLoss = await look.losses('suspect-on-unmarked', suspect, train, unmarkedRows);
      const referenceFeatures = await look.features('reference-on-test', reference, test);
      const suspectFeatures = await look.features('suspect-on-test', suspect, test);

      const { key: suspectKey, facts } = input.suspect;
      const evidence: Evidence = {
        suspect: { key: suspectKey, weightsSha256: facts.weightsSha256 },
        commitment: input.publication.facts.commitment,
        classNames: train.classNames,
        marked: {
          label: manifest.images.map(({ label }) => label),
          group: manifest.images.map((image) => carrierGroup(manifest.carrierUnit, image).index),
          published: manifest.images.map(({ published }) => published),
          suspectLoss: grouped(suspectLoss, manifest.versions),
          referenceLoss: grouped(referenceLoss, manifest.versions),
        },
        unmarked: {
          label: Array.from(unmarkedRows, (row) => train.labels[row] as number),
          suspectLoss: Array.from(unmarkedLoss),
        },
        whiteBox: whiteBoxEvidence(
          suspect,
          await readReferences(input.references, context),
          reference.featureSize,
          referenceFeatures,
          suspectFeatures,
          train.classNames.map((_, label) => markedDirection(key, manifest, label, reference.featureSize)),
        ),
      };
      await writeFile(join(context.outputDir, 'evidence.json'), JSON.stringify(parseEvidence(evidence)));
      return { marked: manifest.images.length };
    } finally {
      for (const close of atTheEnd) close();
    }
  },
};

function checkClasses({ suspect, train }: ExtractEvidenceInput): void {
  const [its, ours] = [suspect.facts.classNames, train.facts.classNames];
  if (JSON.stringify(its) === JSON.stringify(ours)) return;
  throw new UnfitSuspectError(
    `the suspect has classes ${its.join(', ')}, the corpus ${ours.join(', ')}; they must be the same, in the same order`,
  );
}

/** Rows that are not marked: a fixed draw, which depends on nothing that the publisher could choose afterwards. */
function sampleUnmarked(images: number, { images: marked }: PublicationManifest): Uint32Array {
  const isMarked = new Set(marked.map(({ row }) => row));
  const order = Rng.of(0, 'unmarked').permutation(images);
  return order.filter((row) => !isMarked.has(row)).subarray(0, UNMARKED_PER_MARKED * marked.length);
}

/** [n · V] → [n][V]. */
function grouped(losses: Float32Array, versions: number): number[][] {
  return Array.from({ length: losses.length / versions }, (_, i) =>
    Array.from(losses.subarray(i * versions, (i + 1) * versions)),
  );
}
