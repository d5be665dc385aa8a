import { isArtifact, type Artifact } from '@radiotracer/store';
import { imagenet } from './imagenet.ts';
import type { Rates } from './rates.ts';
import type { Call } from './stub-activities.ts';

/** What a stage reads and leaves, and for how long it computes. */
export interface Work {
  readonly step: string;
  readonly stage: string;
  /** Key of the artefact that it leaves. */
  readonly makes: string;
  /** Keys of the artefacts that it opens, which have to be there first. */
  readonly needs: readonly string[];
  readonly seconds: number;
  /** Of the artefact. */
  readonly files: number;
  readonly bytes: number;
}

const imageBytes = imagenet.size ** 2 * 3;
/** Weights and momentum of a ResNet-18 of 1,000 classes are 11.7 million float32 each. */
const networkBytes = 46.8e6;
/** Of 1,000 classes and 512 features, as base64. */
const classWeightBytes = 2.7e6;
/** In each of which detection looks at a version. */
const VIEWS = 8;
/** A PNG of noise-like pixels is about as large as the pixels. */
const pngBytes = imageBytes;

/** What a call of the workflow is for a worker that computes `speedUp` times as fast as the rates say. */
export function workOf({ step, stage, input, artifact }: Call, rates: Rates, speedUp: number): Work {
  const of = (name: string): Artifact<never> =>
    (input as unknown as Record<string, Artifact<never>>)[name] as Artifact<never>;
  const marked = (from: Artifact): number => (from.facts as { readonly marked: number }).marked;
  const count = (from: Artifact): number => (from.facts as { readonly count: number }).count;
  const made = (seconds: number, files: number, bytes: number): Work => ({
    step,
    stage,
    makes: artifact.key,
    needs: artifactsIn(input).map(({ key }) => key),
    seconds: seconds / speedUp,
    files: files + 3, // manifest.json, run.json, SHA256SUMS
    bytes,
  });
  switch (stage) {
    case 'ingest':
      return made(count(artifact) / rates.decodeImagesPerSecond, imagesFiles(artifact), count(artifact) * imageBytes);
    case 'trainNetwork': {
      const { epochs } = (input as { readonly training: { readonly epochs: number } }).training;
      const epoch = count(of('train')) / rates.trainImagesPerSecond + count(of('test')) / rates.forwardImagesPerSecond;
      return made(epochs * epoch, 3, networkBytes);
    }
    case 'importNetwork':
      return made(count(of('test')) / rates.forwardImagesPerSecond, 3, networkBytes);
    case 'trainLastLayer': {
      const images = count(of('train')) + count(of('test'));
      return made(images / rates.forwardImagesPerSecond, 3, networkBytes);
    }
    case 'chooseImages':
      return made(count(of('corpus')) / rates.forwardImagesPerSecond, 1, marked(artifact) * 8);
    case 'markImages': {
      const { versions, steps } = (input as { readonly marking: { readonly versions: number; readonly steps: number } })
        .marking;
      const images = marked(artifact) * versions;
      return made((images * steps) / rates.markImageStepsPerSecond, shardFiles(images), images * imageBytes);
    }
    case 'joinVersions':
      return made(0, shardFiles(marked(artifact) * 10), marked(artifact) * 10 * imageBytes);
    case 'publish':
      // Copies the corpus; the images that are replaced are encoded anew.
      return made(
        marked(artifact) / rates.decodeImagesPerSecond,
        imagenet.encodedFiles + 1,
        imagenet.trainImages * imagenet.encodedBytesPerImage + marked(artifact) * pngBytes,
      );
    case 'fitReferences': {
      const passes = 1 + 2 * 0.7; // features, and two regressions of 1,000 classes, by their count of operations
      return made((passes * count(of('train'))) / rates.forwardImagesPerSecond, 1, 2 * classWeightBytes);
    }
    case 'extractEvidence': {
      const images = 2 * count(of('test')) + VIEWS * 3 * marked(artifact) * 10; // versions by both, unmarked ones
      return made(images / rates.forwardImagesPerSecond, 1, marked(artifact) * 10 * 40);
    }
    case 'askOnnx': {
      const images = VIEWS * (count(of('versions')) || marked(artifact) * 10) + count(of('test'));
      return made(images / rates.forwardImagesPerSecond, 1, 1e6);
    }
    case 'generate':
    case 'askEndpoint':
    case 'readAnswers':
    case 'judge':
    case 'calibrate':
    case 'writeReport':
    case 'writeStudy': // seconds
      return made(10, 2, 1e6);
  }
}

/** Shards are closed at 32 MiB, but for those of ImageNet itself, of which there are as many as it says. */
const shardFiles = (images: number): number => Math.ceil((images * imageBytes) / (32 << 20)) + 1;
const imagesFiles = (artifact: Artifact): number => (artifact.facts as { readonly shards: number }).shards + 1;

/** Artefacts in an input, each once. */
function artifactsIn(value: unknown): Artifact[] {
  if (isArtifact(value)) return [value];
  if (typeof value !== 'object' || value === null) return [];
  const all = Object.values(value).flatMap(artifactsIn);
  return [...new Map(all.map((artifact) => [artifact.key, artifact])).values()];
}
