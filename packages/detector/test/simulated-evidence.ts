import type { Evidence, WhiteBoxEvidence } from '../src/lib/types.ts';
import { weightsText } from '../src/lib/weights-text.ts';

export interface Simulation {
  readonly seed: number;
  readonly images?: number;
  readonly versions?: number;
  /** How much training on a published version lowers the suspect's loss on it, in nats; 0 for a clean model. */
  readonly effect?: number;
  /** Whether the images of a class share a draw. */
  readonly sharedDraw?: boolean;
}

export const classNames = ['a', 'b', 'c', 'd', 'e'];
const dimension = 64;

/**
 * Evidence from made-up networks: the loss of a version is the image's difficulty, and the version's, which suspect
 * and reference share, and noise of each. Published versions are drawn last, by a fair die.
 */
export function simulatedEvidence({
  seed,
  images = 50,
  versions = 10,
  effect = 0,
  sharedDraw = false,
}: Simulation): Evidence & { readonly whiteBox: WhiteBoxEvidence } {
  const random = mulberry32(seed);
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const repeat = <T>(count: number, value: (i: number) => T): T[] => Array.from({ length: count }, (_, i) => value(i));

  const label = repeat(images, (i) => i % classNames.length);
  const group = repeat(images, (i) => (sharedDraw ? (label[i] as number) : i));
  const difficulty = repeat(images, () => repeat(versions, normal).map((version) => 3 + 0.5 * version));
  const cleanLoss = difficulty.map((image) => image.map((loss) => loss + 0.4 * normal()));
  const referenceLoss = difficulty.map((image) => image.map((loss) => loss + 0.4 * normal()));
  const draws = repeat(images, () => Math.floor(versions * random()));
  const published = group.map((draw) => draws[draw] as number);
  const suspectLoss = cleanLoss.map((image, i) => image.map((loss, v) => loss - (v === published[i] ? effect : 0)));
  return {
    suspect: { key: '0'.repeat(64), weightsSha256: '1'.repeat(64) },
    commitment: '2'.repeat(64),
    classNames,
    marked: { label, group, published, suspectLoss, referenceLoss },
    unmarked: {
      label: repeat(10 * images, (i) => i % classNames.length),
      suspectLoss: repeat(10 * images, () => 3 + 0.7 * normal()),
    },
    whiteBox: {
      dimension,
      cosine: classNames.map(() => cosineOfRandomDirections(normal)),
      excessCosine: classNames.map(() => cosineOfRandomDirections(normal)),
      alignedWeights: randomWeights(normal),
      referenceWeights: [randomWeights(normal), randomWeights(normal)],
      heldOutR2: 0.8,
    },
  };
}

function randomWeights(normal: () => number): string {
  return weightsText(Float32Array.from({ length: classNames.length * dimension }, normal));
}

/** First coordinate of a uniform direction in R^d. */
function cosineOfRandomDirections(normal: () => number): number {
  const direction = Array.from({ length: dimension }, normal);
  return (direction[0] as number) / Math.hypot(...direction);
}

/** Uniform numbers in [0, 1), from T. Ettinger's mulberry32. */
export function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
