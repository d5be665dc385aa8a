import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { PublicationManifest } from '@radiotracer/carriers';
import { ImageShards, type ShardsFacts } from '@radiotracer/corpus';
import { openKey, type PublicationFacts, type VersionsFacts } from '@radiotracer/marker';
import type { CropFlip } from '@radiotracer/nets';
import { type Artifact, sha256, type Stage, type StageContext } from '@radiotracer/store';
import { KeptPredictions, type NetworkFacts, openNetwork } from '@radiotracer/trainer';

import { answerRow } from '../answer-columns.ts';
import { finiteLosses } from '../answer-loss.ts';
import type { StoppingRule } from '../anytime-decoy-test.ts';
import { grouped } from '../grouped.ts';
import { type AnswersFacts, keepAnswers } from '../kept-answers.ts';
import { markedImages } from '../marked-images.ts';
import { inOrderOfIds, type Query, queriesOf, viewQueriesOf } from '../queries.ts';
import { readCommitted, verifyMarkingNetwork, verifyVersions } from '../verify-committed.ts';
import { lossesInViews, meansOfViews, viewsShown } from '../views.ts';
import { Answers } from './answers.ts';
import { askUntilSure } from './ask-until-sure.ts';
import { Asking } from './asking.ts';
import { type EndpointIdentity, readEndpoint } from './endpoint.ts';

/** Input of the `askEndpoint` stage; `locations.key` and `locations.endpoint` say where key and endpoint's file lie. */
export interface AskEndpointInput {
  readonly keyId: string;
  readonly versions: Artifact<VersionsFacts>;
  readonly publication: Artifact<PublicationFacts>;
  /** The clean corpus, for the names of its classes. */
  readonly train: Artifact<ShardsFacts>;
  readonly endpoint: EndpointIdentity;
  /** Where the anytime-valid test decides: the suspect is asked draw by draw, until that is sure. */
  readonly anytime?: StoppingRule & { readonly markingNetwork: Artifact<NetworkFacts> };
}

/**
 * Asks a suspect behind HTTP about every version of the marked images, in the order of the ids, which says nothing; or draw
 * by draw, until the anytime-valid test is sure. Leaves how wrong each answer is, and the answers in `answers.jsonl`, a
 * table as `readAnswers` reads it. Each answer is kept as it comes, so that none is paid for twice, but those on their way
 * when the process dies.
 *
 * @throws EndpointError if it cannot be asked, or does not answer what can be judged; VerificationError if manifest,
 *   versions, key or marking network are not what was committed to
 */
export const askEndpoint: Stage<AskEndpointInput, AnswersFacts> = {
  name: 'askEndpoint',
  version: 2,
  async run(input, context) {
    const key = await openKey(input.keyId, context);
    const { commitment } = input.publication.facts;
    const manifest = await readCommitted(await context.open(input.publication), commitment, key);
    const endpoint = await readEndpoint(context.locations.endpoint ?? '');
    const versions = await ImageShards.open(await context.open(input.versions));
    try {
      await verifyVersions(manifest, versions, context.signal);
      const inViews = input.endpoint.views === true;
      const queries = (inViews ? viewQueriesOf : queriesOf)(manifest, key, commitment);
      const shown = viewsShown(inViews);
      const { classNames } = input.train.facts;
      const answers = await Answers.open(context, classNames, queries);
      const asking = new Asking({ ...endpoint, ...input.endpoint }, versions, answers, context);
      const { anytime } = input;
      const asked = anytime
        ? await askFirstDraws(queries, shown, anytime, { manifest, versions, answers, asking }, context)
        : await askAll(queries, shown, answers, asking);

      const rows = asked.queries.map((query) => ({ id: query.id, ...answerRow(answers.of(query), classNames) }));
      const text = rows.map((row) => `${JSON.stringify(row)}\n`).join('');
      await writeFile(join(context.outputDir, 'answers.jsonl'), text);
      const { losses, byDraw } = asked;
      const facts = {
        answers: answers.kind,
        answersSha256: sha256(text),
        ...(inViews && { views: shown.length }),
        ...(byDraw && { draws: byDraw.draws }),
      };
      return await keepAnswers(context, losses, facts, byDraw?.referenceLosses);
    } finally {
      versions.close();
    }
  },
};

interface Asked {
  /** That were answered, and count. */
  readonly queries: readonly Query[];
  readonly losses: readonly number[];
  readonly byDraw?: { readonly draws: number; readonly referenceLosses: readonly number[] };
}

async function askAll(
  queries: readonly Query[],
  shown: readonly CropFlip[],
  answers: Answers,
  asking: Asking,
): Promise<Asked> {
  await asking.ask(inOrderOfIds(queries).filter((query) => !answers.has(query)));
  const losses = finiteLosses(queries.map((query) => answers.lossOf(query)));
  return { queries, losses: meansOfViews(losses, shown.length) };
}

async function askFirstDraws(
  queries: readonly Query[],
  shown: readonly CropFlip[],
  { markingNetwork, ...rule }: NonNullable<AskEndpointInput['anytime']>,
  {
    manifest,
    versions,
    answers,
    asking,
  }: { manifest: PublicationManifest; versions: ImageShards; answers: Answers; asking: Asking },
  context: StageContext,
): Promise<Asked> {
  verifyMarkingNetwork(manifest, markingNetwork);
  const network = openNetwork(await context.open(markingNetwork));
  const look = new KeptPredictions(context, shown.length * versions.count);
  const reference = await lossesInViews(look, 'reference-on-versions', network, versions, shown).finally(() =>
    network.dispose(),
  );
  const toAsk = {
    ...markedImages(manifest),
    queries: grouped(queries, shown.length * manifest.versions),
    referenceLoss: grouped(reference, manifest.versions),
  };
  const { draws, images } = await askUntilSure(toAsk, rule, answers, asking);
  return {
    queries: images.queries.flat(),
    losses: images.suspectLoss.flat(),
    byDraw: { draws, referenceLosses: images.referenceLoss.flat() },
  };
}
