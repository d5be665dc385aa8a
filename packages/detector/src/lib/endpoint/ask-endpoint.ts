import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { type DecodedImage, ImageShards, type ShardsFacts } from '@radiotracer/corpus';
import { openKey, type PublicationFacts, type VersionsFacts } from '@radiotracer/marker';
import { type Artifact, readSealed, sha256, type Stage, type StageContext, writeSealed } from '@radiotracer/store';
import pLimit from 'p-limit';

import { type Answer, answerProblem } from '../answer.ts';
import { answerReader } from '../answer-columns.ts';
import { answerLoss, finiteLosses } from '../answer-loss.ts';
import { EndpointError } from '../errors.ts';
import { type AnswersFacts, keepAnswers } from '../kept-answers.ts';
import { inOrderOfIds, type PlacedQuery, queriesOf } from '../queries.ts';
import { readCommitted, verifyVersions } from '../verify-committed.ts';
import { type Endpoint, type EndpointIdentity, readEndpoint } from './endpoint.ts';
import { postImages } from './post-images.ts';
import { protocols } from './protocol.ts';

/** Input of the `askEndpoint` stage; `locations.key` and `locations.endpoint` say where key and endpoint's file lie. */
export interface AskEndpointInput {
  readonly keyId: string;
  readonly versions: Artifact<VersionsFacts>;
  readonly publication: Artifact<PublicationFacts>;
  /** The clean corpus, for the names of its classes. */
  readonly train: Artifact<ShardsFacts>;
  readonly endpoint: EndpointIdentity;
}

/**
 * Asks a suspect behind HTTP about every version of the marked images, in the order of the ids, which says nothing.
 * Leaves how wrong each answer is, and the answers in `answers.jsonl`. Each answer is kept as it comes, so that none is
 * paid for twice, but those on their way when the process dies.
 *
 * @throws EndpointError if it cannot be asked, or does not answer what can be judged; VerificationError if manifest,
 *   versions or key are not what was committed to
 */
export const askEndpoint: Stage<AskEndpointInput, AnswersFacts> = {
  name: 'askEndpoint',
  version: 1,
  async run(input, context) {
    const key = await openKey(input.keyId, context);
    const { commitment } = input.publication.facts;
    const manifest = await readCommitted(await context.open(input.publication), commitment, key);
    const endpoint = await readEndpoint(context.locations.endpoint ?? '');
    const versions = await ImageShards.open(await context.open(input.versions));
    try {
      await verifyVersions(manifest, versions, context.signal);
      const queries = queriesOf(manifest, key, commitment);
      const answers = new Answers(context, input.train.facts.classNames, queries.length);
      await askAll(inOrderOfIds(queries), versions, { ...endpoint, ...input.endpoint }, answers, context);

      const lines = queries.map(({ id }) => JSON.stringify({ id, ...answers.of(id) }));
      const text = `${lines.join('\n')}\n`;
      await writeFile(join(context.outputDir, 'answers.jsonl'), text);
      const classes = input.train.facts.classNames.length;
      const losses = queries.map(({ id, label }) => answerLoss(answers.of(id), label, classes));
      return await keepAnswers(context, finiteLosses(losses), { answers: answers.kind, answersSha256: sha256(text) });
    } finally {
      versions.close();
    }
  },
};

async function askAll(
  queries: readonly PlacedQuery[],
  versions: ImageShards,
  endpoint: Endpoint,
  answers: Answers,
  { signal }: StageContext,
): Promise<void> {
  const missing: PlacedQuery[] = [];
  for (const query of queries) if (!(await answers.find(query.id))) missing.push(query);
  const perRequest = protocols[endpoint.protocol].takesBatches ? endpoint.batchSize : 1;
  const batches = Array.from({ length: Math.ceil(missing.length / perRequest) }, (_, i) =>
    missing.slice(i * perRequest, (i + 1) * perRequest),
  );
  let paid = queries.length - missing.length;
  const pay = (images: number): void => {
    const { budget = Infinity } = endpoint;
    if (paid + images > budget) {
      throw new EndpointError(
        `${endpoint.url}: the budget of ${budget} images is spent (${answers.count} of ${queries.length} are answered, ` +
          'and kept); raise "budget" to go on',
      );
    }
    paid += images;
  };
  const limit = pLimit(endpoint.concurrency);
  let failure: unknown; // the first; what is on its way then is waited for, as it is paid for
  const asked = batches.map((batch) =>
    limit(async () => {
      if (failure !== undefined) return;
      try {
        const images = batch.map(({ at }) => imageAt(versions, at));
        const rows = await postImages(images, endpoint, { signal, pay, isOver: () => failure !== undefined });
        for (const [i, { id }] of batch.entries()) await answers.keep(id, rows[i] ?? {}, endpoint.url);
      } catch (error) {
        failure ??= error;
      }
    }),
  );
  await Promise.all(asked);
  signal.throwIfAborted();
  if (failure !== undefined) throw failure;
}

function imageAt(versions: ImageShards, at: number): DecodedImage {
  return { pixels: versions.read([at]), height: versions.height, width: versions.width };
}

/** The answers that came, each in a file of its own in the scratch folder. */
class Answers {
  readonly #byId = new Map<string, Answer>();

  constructor(
    private readonly context: StageContext,
    private readonly classNames: readonly string[],
    private readonly total: number,
  ) {}

  get count(): number {
    return this.#byId.size;
  }

  /** Of them all. */
  get kind(): Answer['kind'] {
    const [first] = this.#byId.values();
    return (first as Answer).kind;
  }

  of(id: string): Answer {
    return this.#byId.get(id) as Answer;
  }

  /** Whether an earlier attempt kept the answer. */
  async find(id: string): Promise<boolean> {
    const kept = await readSealed(this.#file(id));
    if (kept) this.#add(id, JSON.parse(kept.toString()) as Answer);
    return kept !== undefined;
  }

  /** @throws EndpointError if it is none that can be judged, or of another kind than those before */
  async keep(id: string, row: Readonly<Record<string, unknown>>, url: string): Promise<void> {
    const answer = this.#read(row, url);
    await writeSealed(this.#file(id), JSON.stringify(answer));
    this.#add(id, answer);
  }

  #read(row: Readonly<Record<string, unknown>>, url: string): Answer {
    try {
      const answer = answerReader(Object.keys(row), this.classNames)(row);
      const problem = answerProblem(answer, this.classNames.length);
      if (problem !== undefined) throw new Error(problem);
      if (this.count > 0 && answer.kind !== this.kind) {
        throw new Error(`found ${answer.kind}, but ${this.kind} before; expected answers of one kind`);
      }
      return answer;
    } catch (cause) {
      throw new EndpointError(`${url}: ${(cause as Error).message}`, { cause });
    }
  }

  #add(id: string, answer: Answer): void {
    this.#byId.set(id, answer);
    this.context.report({ done: this.count, total: this.total, unit: 'queries' });
  }

  #file(id: string): string {
    return join(this.context.scratchDir, `answer-${id}.sealed`);
  }
}
