import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { ImageShards, type ShardsFacts } from '@radiotracer/corpus';
import { openKey, type PublicationFacts, type VersionsFacts } from '@radiotracer/marker';
import { normalise } from '@radiotracer/nets';
import { type Artifact, remember, sha256, type Stage, type StageContext } from '@radiotracer/store';

import { answerLoss, finiteLosses } from '../answer-loss.ts';
import { OnnxError } from '../errors.ts';
import { keepAnswers, type RunFacts } from '../kept-answers.ts';
import { readCommitted, verifyVersions } from '../verify-committed.ts';
import { type ClassAnswer, OnnxNetwork } from './onnx-network.ts';

/** Which network: the SHA-256 of its file in hex, and the output that holds its logits where several may be it. */
export interface OnnxIdentity {
  readonly modelSha256: string;
  readonly logits?: string;
}

/** Input of the `askOnnx` stage; `locations.key` and `locations.network` say where key and ONNX file lie. */
export interface AskOnnxInput {
  readonly keyId: string;
  readonly versions: Artifact<VersionsFacts>;
  readonly publication: Artifact<PublicationFacts>;
  /** Clean images, for the accuracy: it shows whether the network takes images and classes for what they are. */
  readonly test: Artifact<ShardsFacts>;
  readonly onnx: OnnxIdentity;
}

/** Images of a piece, at least: it is kept, so a crash costs one. */
const PIECE = 1000;

/**
 * Runs the network in an ONNX file over every version of the marked images and over the test split, and leaves its losses.
 * Its images are those of the corpus at their size, normalised by ImageNet's mean and deviation.
 *
 * @throws OnnxError if the file is another than the input says, or cannot be run, or answers what is no number;
 *   VerificationError if manifest, versions or key are not what was committed to
 */
export const askOnnx: Stage<AskOnnxInput, RunFacts> = {
  name: 'askOnnx',
  version: 1,
  async run({ keyId, versions, publication, test, onnx: { modelSha256, logits } }, context) {
    const key = await openKey(keyId, context);
    const manifest = await readCommitted(await context.open(publication), publication.facts.commitment, key);
    const file = context.locations.network ?? 'no file was named';
    const bytes = await readFile(file);
    if (sha256(bytes) !== modelSha256) {
      throw new OnnxError(file, `its SHA-256 is ${sha256(bytes)}, not ${modelSha256}; it was changed since`);
    }
    const shown = await ImageShards.open(await context.open(versions));
    const clean = await ImageShards.open(await context.open(test));
    let network: OnnxNetwork | undefined;
    try {
      await verifyVersions(manifest, shown, context.signal);
      const corpus = { height: shown.height, width: shown.width, classes: clean.classNames.length };
      network = await OnnxNetwork.open(file, bytes, corpus, logits);
      const look = new Look(context, network, shown.count + clean.count);
      const labels = manifest.images.flatMap(({ label }) => Array<number>(manifest.versions).fill(label));
      const { losses } = await look.at('versions', shown, labels);
      const { accuracy: testAccuracy } = await look.at('test', clean, clean.labels);
      return await keepAnswers(context, finiteLosses(losses), { answers: network.kind, modelSha256, testAccuracy });
    } finally {
      shown.close();
      clean.close();
      await network?.close();
    }
  },
};

/** What a network says of images, in pieces that are kept in the scratch folder. */
class Look {
  #before = 0;

  /** @param total - images that are looked at in all, for the progress */
  constructor(
    private readonly context: Pick<StageContext, 'scratchDir' | 'report' | 'signal'>,
    private readonly network: OnnxNetwork,
    private readonly total: number,
  ) {}

  /**
   * @param name - of its own, among all that is looked at
   * @param labels - true classes, [N]
   * @returns losses, [N], ∞ for a probability of 0; and the share of images whose true class is the likeliest
   */
  async at(
    name: string,
    images: ImageShards,
    labels: ArrayLike<number>,
  ): Promise<{ losses: number[]; accuracy: number }> {
    const { batch } = this.network;
    const perPiece = batch * Math.ceil(PIECE / batch); // whole batches, so that the bits are those of one go
    const seen: Seen[] = [];
    for (let start = 0; start < images.count; start += perPiece) {
      const end = Math.min(start + perPiece, images.count);
      const piece = await remember(join(this.context.scratchDir, `${name}-${start}.sealed`), async () =>
        Buffer.from(JSON.stringify(await this.#piece(images, labels, start, end))),
      );
      seen.push(...(JSON.parse(Buffer.from(piece).toString()) as Seen[]));
      this.#before += end - start;
    }
    const right = seen.filter(([, isRight]) => isRight).length;
    return { losses: seen.map(([loss]) => loss ?? Infinity), accuracy: right / images.count };
  }

  async #piece(images: ImageShards, labels: ArrayLike<number>, start: number, end: number): Promise<Seen[]> {
    const seen: Seen[] = [];
    for (let at = start; at < end; at += this.network.batch) {
      this.context.signal.throwIfAborted();
      const rows = Array.from({ length: Math.min(this.network.batch, end - at) }, (_, i) => at + i);
      const answers = await this.network.answers(normalise(images.read(rows)));
      seen.push(...answers.map((answer, i) => see(answer, labels[at + i] as number)));
      this.context.report({ done: this.#before + seen.length, total: this.total, unit: 'images' });
    }
    return seen;
  }
}

/** Loss of an image, null for ∞, which JSON has not; and whether its true class is the likeliest. */
type Seen = [loss: number | null, isRight: boolean];

function see(answer: ClassAnswer, label: number): Seen {
  const scores = answer.kind === 'logits' ? answer.logits : answer.probabilities;
  const loss = answerLoss(answer, label, scores.length);
  return [Number.isFinite(loss) ? loss : null, scores.indexOf(Math.max(...scores)) === label];
}
