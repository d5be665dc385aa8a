import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { ImageShards } from '@radiotracer/corpus';
import { openKey } from '@radiotracer/marker';
import type { FrozenNetwork } from '@radiotracer/nets';
import type { Artifact, Stage } from '@radiotracer/store';
import { KeptPredictions, type NetworkFacts, openNetwork } from '@radiotracer/trainer';

import { askNetwork, sampleUnmarked } from './ask-network.ts';
import { UnfitSuspectError } from './errors.ts';
import { readReferences } from './fit-references.ts';
import { grouped } from './grouped.ts';
import { readFirstDraws, readKeptAnswers } from './kept-answers.ts';
import { countDraws, firstDraws, markedImages } from './marked-images.ts';
import { markedDirection } from './marked-direction.ts';
import { parseEvidence } from './parse-evidence.ts';
import type { Evidence, ExtractEvidenceInput } from './types.ts';
import { readCommitted, verifyMarkingNetwork, verifyVersions } from './verify-committed.ts';
import { lossesInViews, views, viewsShown } from './views.ts';
import { whiteBoxEvidence } from './white-box-evidence.ts';

/**
 * Looks at a suspect once, or at what it answered, and leaves `evidence.json`: all that the tests need, so that judging
 * needs no network. Before it looks, it checks that manifest, versions and marking network are what was committed to, with the key.
 *
 * @throws VerificationError if they are not; `UnfitSuspectError` if the suspect has other classes than the corpus;
 *   `InvalidEvidenceError` if one of the losses is not finite
 */
export const extractEvidence: Stage<ExtractEvidenceInput, { readonly marked: number }> = {
  name: 'extractEvidence',
  version: 7,
  async run(input, context) {
    checkSuspect(input);
    const key = await openKey(input.keyId, context);
    const { commitment } = input.publication.facts;
    const manifest = await readCommitted(await context.open(input.publication), commitment, key);
    verifyMarkingNetwork(manifest, input.markingNetwork);

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
      const reference = await open(input.markingNetwork);

      const { suspect } = input;
      const unmarkedRows = isNetwork(suspect) ? sampleUnmarked(train.count, manifest) : new Uint32Array();
      const shown = isNetwork(suspect) ? views : viewsShown(suspect.facts.views !== undefined);
      const onTest = wasRunHere(suspect) ? test.count : 0;
      const bySuspect = isNetwork(suspect) ? shown.length * (versions.count + unmarkedRows.length) + onTest : 0;
      const byReference = shown.length * versions.count + onTest;
      const look = new KeptPredictions(context, bySuspect + byReference);
      const asked = isNetwork(suspect) ? undefined : await readFirstDraws(suspect, context);
      const referenceLoss =
        asked?.referenceLoss ?? (await lossesInViews(look, 'reference-on-versions', reference, versions, shown));
      const { lossOnVersions, lastLayer, ...others } = isNetwork(suspect)
        ? await askNetwork(look, suspect, await open(suspect), { versions, train, test, unmarkedRows })
        : await readKeptAnswers(suspect, train.classNames.length, context);
      const dimension = reference.featureSize;
      const whiteBox =
        lastLayer &&
        whiteBoxEvidence(lastLayer, {
          features: await look.features('reference-on-test', reference, test),
          dimension,
          directions: train.classNames.map((_, label) => markedDirection(key, manifest, label, dimension)),
          references: input.references ? await readReferences(input.references, context) : [],
        });

      const all = markedImages(manifest);
      const totalDraws = countDraws(all);
      const draws = asked?.draws ?? totalDraws;
      const evidence: Evidence = {
        ...others,
        ...(whiteBox && { whiteBox }),
        commitment,
        classNames: train.classNames,
        marked: {
          ...firstDraws(all, draws),
          suspectLoss: grouped(lossOnVersions, manifest.versions),
          referenceLoss: grouped(referenceLoss, manifest.versions),
        },
        ...(shown.length > 1 && { views: shown.length }),
        ...(draws < totalDraws && { totalDraws }),
      };
      await writeFile(join(context.outputDir, 'evidence.json'), JSON.stringify(parseEvidence(evidence)));
      return { marked: evidence.marked.label.length };
    } finally {
      for (const close of atTheEnd) close();
    }
  },
};

function isNetwork(suspect: ExtractEvidenceInput['suspect']): suspect is Artifact<NetworkFacts> {
  return 'weightsSha256' in suspect.facts;
}

/** Whether it could be shown any images, and so has a last layer, be it that its answers stand in for it. */
function wasRunHere({ facts }: ExtractEvidenceInput['suspect']): boolean {
  return 'weightsSha256' in facts || 'modelSha256' in facts;
}

function checkSuspect({ suspect, references, train }: ExtractEvidenceInput): void {
  if (wasRunHere(suspect) && !references) {
    throw new UnfitSuspectError('a network was given without references; it is judged beside some');
  }
  if (!isNetwork(suspect)) return; // of answers it was checked when they were read
  const [its, ours] = [suspect.facts.classNames, train.facts.classNames];
  if (JSON.stringify(its) === JSON.stringify(ours)) return;
  throw new UnfitSuspectError(
    `the suspect has classes ${its.join(', ')}, the corpus ${ours.join(', ')}; they must be the same, in the same order`,
  );
}
