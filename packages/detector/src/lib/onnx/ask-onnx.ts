import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { ImageShards, type ShardsFacts } from '@radiotracer/corpus';
import { openKey, type PublicationFacts, type VersionsFacts } from '@radiotracer/marker';
import { type CropFlip, cropFlipBatch, NO_CROP_FLIP, normalise } from '@radiotracer/nets';
import { type Artifact, remember, sha256, type Stage, type StageContext } from '@radiotracer/store';

import { answerLoss, finiteLosses } from '../answer-loss.ts';
import { OnnxError } from '../errors.ts';
import { keepAnswers, keepTestScores, type RunFacts } from '../kept-answers.ts';
import { readCommitted, verifyVersions } from '../verify-committed.ts';
import { meanOverViews, views } from '../views.ts';
import { byImage, classAnswer } from './class-answer.ts';
import { OnnxNetwork } from './onnx-network.ts';

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
  /**
   * Clean images, for the accuracy, which shows whether the network takes images and classes for what they are, and for
   * what stands in for its last layer.
   */
  readonly test: Artifact<ShardsFacts>;
  readonly onnx: OnnxIdentity;
}

/** Images of a piece, at least: it is kept, so a crash costs one. */
const PIECE = 1000;

/**
 * Runs the network in an ONNX file over every version of the marked images and over the test split, and leaves its losses
 * on the former and its answers to the latter. Its images are those of the corpus at their size, normalised by ImageNet's
 * mean and deviation.
 *
 * @throws OnnxError if the file is another than the input says, or cannot be run, or answers what is no number;
 *   VerificationError if manifest, versions or key are not what was committed to
 */
export const askOnnx: Stage<AskOnnxInput, RunFacts> = {
  name: 'askOnnx',
  version: 3,
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
      const look = new Look(context, network, views.length * shown.count + clean.count);
      const labels = manifest.images.flatMap(({ label }) => Array<number>(manifest.versions).fill(label));
      const { kind: answers } = network;
      const losses = await meanOverViews(views, async (view, i) =>
        finiteLosses(
          byImage(await look.at(`versions-${i}`, shown, view), corpus.classes).map((scores, version) =>
            answerLoss(classAnswer(answers, scores), labels[version] as number, corpus.classes),
          ),
        ),
      );
      const onTest = await look.at('test', clean, NO_CROP_FLIP);
      const right = byImage(onTest, corpus.classes).filter(
        (scores, i) => scores.indexOf(Math.max(...scores)) === clean.labels[i],
      );
      await keepTestScores(context, onTest);
      const testAccuracy = right.length / clean.count;
      return await keepAnswers(context, Array.from(losses), {
        ...{ answers, modelSha256, testAccuracy },
        views: views.length,
      });
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
   * @returns a number for each class, [N, K]
   */
  async at(name: string, images: ImageShards, view: CropFlip): Promise<Float32Array> {
    const { batch } = this.network;
    const perPiece = batch * Math.ceil(PIECE / batch); // whole batches, so that the bits are those of one go
    const pieces: Uint8Array[] = [];
    for (let start = 0; start < images.count; start += perPiece) {
      const end = Math.min(start + perPiece, images.count);
      pieces.push(
        await remember(join(this.context.scratchDir, `${name}-${start}.sealed`), () =>
          this.#piece(images, start, end, view),
        ),
      );
      this.#before += end - start;
    }
    return new Float32Array(new Uint8Array(Buffer.concat(pieces)).buffer);
  }

  async #piece(images: ImageShards, start: number, end: number, view: CropFlip): Promise<Uint8Array> {
    const { height, width } = images;
    const pieces: Uint8Array[] = [];
    for (let at = start; at < end; at += this.network.batch) {
      this.context.signal.throwIfAborted();
      const rows = Array.from({ length: Math.min(this.network.batch, end - at) }, (_, i) => at + i);
      const shown = normalise(cropFlipBatch(images.read(rows), height, width, view));
      pieces.push(new Uint8Array((await this.network.scores(shown)).buffer));
      const done = this.#before + at - start + rows.length;
      this.context.report({ done, total: this.total, unit: 'images' });
    }
    return Buffer.concat(pieces);
  }
}
