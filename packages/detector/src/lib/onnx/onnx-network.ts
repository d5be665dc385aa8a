import { availableParallelism } from 'node:os';

import type * as onnxruntime from 'onnxruntime-node';

import { answerProblem } from '../answer.ts';
import { OnnxError } from '../errors.ts';
import { byImage, classAnswer, type ScoreKind } from './class-answer.ts';
import { classOutput, type Corpus, type Declared, type ImageInput, imageInput } from './tensors.ts';

type Runtime = typeof onnxruntime;
type Session = onnxruntime.InferenceSession;

/** Images at once, where the network takes any number: what it makes of an image may depend on it in the last bit. */
const BATCH = 32;

/** Of float32 probabilities of up to thousands of classes. Logits are hardly ever all in [0, 1] and sum to 1. */
const SUM_TOLERANCE = 1e-3;

/** A network in an ONNX file, of any architecture, that is shown images of a corpus. Computes on the CPU. */
export class OnnxNetwork {
  #kind: ScoreKind = 'logits';

  private constructor(
    private readonly file: string,
    private readonly runtime: Runtime,
    private readonly session: Session,
    private readonly input: ImageInput,
    private readonly output: string,
    private readonly corpus: Corpus,
  ) {}

  /** Images that it is shown at once. */
  get batch(): number {
    return this.input.batch ?? BATCH;
  }

  /** What it answers: probabilities where those of grey images can be some, so that a softmax is not taken twice. */
  get kind(): ScoreKind {
    return this.#kind;
  }

  /**
   * Opens a network and shows it a batch of grey images, so that what cannot work comes to light.
   *
   * @param bytes - of the file: what it refers to in other files would not be in its SHA-256, and is not read
   * @param logits - name of the output, where several may be it
   * @throws OnnxError if it is none, does not fit the corpus, or cannot be run; or if onnxruntime-node is not installed
   */
  static async open(file: string, bytes: Uint8Array, corpus: Corpus, logits?: string): Promise<OnnxNetwork> {
    const runtime = await loadRuntime(file);
    refuseExternalData(file, bytes);
    const session = await attempt(file, 'cannot be loaded', () =>
      runtime.InferenceSession.create(bytes, {
        executionProviders: ['cpu'],
        intraOpNumThreads: availableParallelism(),
        logSeverityLevel: 4, // what is fatal; errors are thrown
      }),
    );
    try {
      const { input, output } = fit(file, session, corpus, logits);
      const network = new OnnxNetwork(file, runtime, session, input, output, corpus);
      await network.#learnKind();
      return network;
    } catch (error) {
      await session.release();
      throw error;
    }
  }

  /**
   * What it answers of some images, numbers of its `kind`.
   *
   * @param images - normalised, [n, H, W, 3], n ≤ `batch`
   * @returns [n, K]
   * @throws OnnxError if it cannot be run on them, or answers what is no number
   */
  async scores(images: Float32Array): Promise<Float32Array> {
    const { classes } = this.corpus;
    const scores = await this.#run(images);
    for (const ofImage of byImage(scores, classes)) {
      const problem = answerProblem(classAnswer(this.#kind, ofImage), classes);
      if (problem !== undefined) throw new OnnxError(this.file, `its output ${this.output}: ${problem}`);
    }
    return scores;
  }

  async close(): Promise<void> {
    await this.session.release();
  }

  async #learnKind(): Promise<void> {
    const grey = new Float32Array(this.batch * this.corpus.height * this.corpus.width * 3);
    if (byImage(await this.#run(grey), this.corpus.classes).every(areProbabilities)) this.#kind = 'probabilities';
    await this.scores(grey);
  }

  /** [n, H, W, 3] → [n, K] */
  async #run(images: Float32Array): Promise<Float32Array> {
    const { height, width, classes } = this.corpus;
    const count = images.length / (height * width * 3);
    const size = this.input.batch ?? count;
    const isFirst = this.input.layout === 'NCHW';
    const data = new Float32Array(size * height * width * 3); // a batch that is not full ends with grey images
    if (isFirst) channelsFirst(images, height * width, data);
    else data.set(images);
    const dims = isFirst ? [size, 3, height, width] : [size, height, width, 3];
    const outputs = await attempt(this.file, `cannot be run on images [${dims.join(', ')}]`, () =>
      this.session.run({ [this.input.name]: new this.runtime.Tensor('float32', data, dims) }, [this.output]),
    );
    const { dims: found, data: values } = outputs[this.output] as { dims: readonly number[]; data: Float32Array };
    if (found.length !== 2 || found[0] !== size || found[1] !== classes) {
      throw new OnnxError(
        this.file,
        `its output ${this.output} is [${found.join(', ')}] for ${size} images, expected [${size}, ${classes}]: ` +
          'a number for each of the corpus’ classes',
      );
    }
    return values.slice(0, count * classes);
  }
}

/** Large, and needed for such files alone: so it is loaded here, and may lack. */
async function loadRuntime(file: string): Promise<Runtime> {
  try {
    const loaded = (await import('onnxruntime-node')) as Runtime & { readonly default?: Runtime };
    return loaded.default ?? loaded;
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    const isMissing = code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND';
    const reason = isMissing ? 'is not installed' : `does not load (${oneLine(message)})`;
    throw new OnnxError(file, `onnxruntime-node, which runs it, ${reason}: npm install onnxruntime-node@1.30.0`, {
      cause,
    });
  }
}

/** Weights in a file beside it are named by an entry of this key, in protobuf's encoding: field 1, 8 bytes; then field 2. */
const EXTERNAL_DATA = Buffer.from('\n\blocation\u0012');

function refuseExternalData(file: string, bytes: Uint8Array): void {
  if (!Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).includes(EXTERNAL_DATA)) return;
  throw new OnnxError(
    file,
    'it keeps weights in another file, which its SHA-256 does not cover; make one file of both: ' +
      'python -c "import onnx, sys; onnx.save(onnx.load(sys.argv[1]), sys.argv[2])" ' +
      `'${file}' '${file.replace(/\.onnx$/i, '')}-whole.onnx'`,
  );
}

function fit(
  file: string,
  { inputMetadata, outputMetadata }: Session,
  corpus: Corpus,
  logits: string | undefined,
): { input: ImageInput; output: string } {
  try {
    return {
      input: imageInput(inputMetadata.map(declared), corpus),
      output: classOutput(outputMetadata.map(declared), corpus, logits),
    };
  } catch (cause) {
    throw new OnnxError(file, (cause as Error).message, { cause });
  }
}

function declared(value: onnxruntime.InferenceSession.ValueMetadata): Declared {
  return value.isTensor ? value : { name: value.name, type: 'no tensor', shape: [] };
}

async function attempt<Result>(file: string, what: string, run: () => Promise<Result>): Promise<Result> {
  try {
    return await run();
  } catch (cause) {
    throw new OnnxError(file, `${what} (${oneLine((cause as Error).message)})`, { cause });
  }
}

function oneLine(text: string): string {
  const line = text.trim().replace(/\s+/g, ' ');
  return line.length > 300 ? `${line.slice(0, 300)}…` : line;
}

/** [n, size, 3] → [n, 3, size] */
function channelsFirst(images: Float32Array, size: number, out: Float32Array): void {
  for (let start = 0; start < images.length; start += 3 * size) {
    for (let at = 0; at < size; at++) {
      for (let c = 0; c < 3; c++) out[start + c * size + at] = images[start + 3 * at + c] as number;
    }
  }
}

function areProbabilities(values: Float32Array): boolean {
  const sum = values.reduce((total, value) => total + value, 0);
  return values.every((value) => value >= 0 && value <= 1) && Math.abs(sum - 1) <= SUM_TOLERANCE;
}
