import { attractor, drawSystem, perturb, rotation, type FunctionSystem } from './fractal.ts';
import { Random } from './random.ts';
import type { GenerateInput } from './types.ts';

/**
 * How hard the classes are to tell apart: a ResNet-18 of width 32 that trained on 1,000 images of each of 10 classes is
 * right on 84 % of new ones after 10 epochs, on 90 % after 25. (With two shapes a class, of any brightness before
 * any ground, it was still at chance after 10.) A change needs a new version of the `generate` stage.
 */
const difficulty = {
  /** Levels of the ground, and of shapes, in each channel. */
  ground: { min: 0, max: 120 },
  shape: { min: 100, max: 255 },
  /** Points drawn for each pixel of the image: fewer make shapes fainter. */
  pointsPerPixel: 0.8,
  /** Largest change of a map's coefficient from image to image. */
  perturbation: 0.04,
  /** Largest rotation, as the tangent of half its angle: 0.25 is 28°. */
  rotation: 0.25,
  /** Mean distance of the points from the middle, in image sizes. */
  scale: { min: 0.16, max: 0.3 },
  /** Largest shift of the middle, in image sizes. */
  shift: 0.15,
  /** Opacity of the shape, and of a piece of a random shape that lies about as a distractor. */
  shapeOpacity: { min: 0.6, max: 1 },
  clutterOpacity: { min: 0.1, max: 0.5 },
  /** Largest side of the grey box that hides a part, in image sizes. */
  occluder: 0.3,
  /** Largest deviation of a pixel by noise, in 8-bit levels. */
  noise: { min: 5, max: 25 },
};

/** One image of the generated corpus. */
export interface GeneratedImage {
  /** uint8 [size, size, 3]. */
  readonly pixels: Uint8Array;
  readonly label: number;
}

/**
 * Makes images of classes that exist nowhere else: each class is a fractal shape (an iterated function system, as in
 * FractalDB, Kataoka et al. 2020, arXiv 2101.08515). An image shows its class' shape, deformed, turned, scaled and moved,
 * in any bright colour, before a darker ground, with a distracting piece of another shape, noise, and a part
 * hidden. Only + − × ÷ are used, so bytes are the same on every machine.
 *
 * @returns a pure function of (split, index); the label is `index % classes`
 * @example imageGenerator({ classes: 10, size: 32, seed: 1 })('train', 7).label; // returns 7
 */
export function imageGenerator({
  classes,
  size,
  seed,
}: Pick<GenerateInput, 'classes' | 'size' | 'seed'>): (split: 'train' | 'test', index: number) => GeneratedImage {
  const shapes = Array.from({ length: classes }, (_, label) => drawSystem(new Random(seed, 0, label)));
  const clutter = Array.from({ length: 16 }, (_, which) => drawSystem(new Random(seed, 1, which)));

  return (split, index) => {
    const random = new Random(seed, 2, split === 'train' ? 0 : 1, index);
    const label = index % classes;
    const canvas = background(size, random);
    draw(canvas, size, pick(clutter, random), difficulty.clutterOpacity, random);
    draw(canvas, size, shapes[label] as FunctionSystem, difficulty.shapeOpacity, random);
    hide(canvas, size, random);
    return { pixels: addNoise(canvas, random), label };
  };
}

function pick<T>(items: readonly T[], random: Random): T {
  const item = items[random.integer(items.length)];
  if (item === undefined) throw new RangeError('corpus: nothing to pick from');
  return item;
}

function level({ min, max }: { readonly min: number; readonly max: number }, random: Random): number {
  return random.between(min, max);
}

/** A plane of colour between four random corners, [size, size, 3]. */
function background(size: number, random: Random): Float64Array {
  const corners = Array.from({ length: 12 }, () => level(difficulty.ground, random));
  const canvas = new Float64Array(size * size * 3);
  for (let y = 0; y < size; y++) {
    const v = y / size;
    for (let channel = 0; channel < 3; channel++) {
      const left = (corners[channel] ?? 0) * (1 - v) + (corners[channel + 3] ?? 0) * v;
      const right = (corners[channel + 6] ?? 0) * (1 - v) + (corners[channel + 9] ?? 0) * v;
      for (let x = 0; x < size; x++) canvas[(y * size + x) * 3 + channel] = left + ((right - left) * x) / size;
    }
  }
  return canvas;
}

/** Draws the attractor in one random colour: the more points fall on a pixel, the more it covers. */
function draw(
  canvas: Float64Array,
  size: number,
  system: FunctionSystem,
  opacity: { readonly min: number; readonly max: number },
  random: Random,
): void {
  const colour = [0, 1, 2].map(() => level(difficulty.shape, random));
  const cover = random.between(opacity.min, opacity.max) * 0.6; // of one point
  const scale = size * random.between(difficulty.scale.min, difficulty.scale.max);
  const { cosine, sine } = rotation(random.between(-difficulty.rotation, difficulty.rotation));
  const middleX = size * (0.5 + random.between(-difficulty.shift, difficulty.shift));
  const middleY = size * (0.5 + random.between(-difficulty.shift, difficulty.shift));
  const count = Math.ceil(size * size * difficulty.pointsPerPixel);
  const points = attractor(perturb(system, difficulty.perturbation, random), random, count);
  for (let i = 0; i < points.length; i += 2) {
    const px = points[i] ?? 0;
    const py = points[i + 1] ?? 0;
    const x = Math.floor(middleX + scale * (cosine * px - sine * py));
    const y = Math.floor(middleY + scale * (sine * px + cosine * py));
    if (x < 0 || y < 0 || x >= size || y >= size) continue;
    const at = (y * size + x) * 3;
    for (let channel = 0; channel < 3; channel++) {
      const below = canvas[at + channel] ?? 0;
      canvas[at + channel] = below + ((colour[channel] ?? 0) - below) * cover;
    }
  }
}

/** Covers a random box by one random colour. */
function hide(canvas: Float64Array, size: number, random: Random): void {
  const colour = [random.between(0, 255), random.between(0, 255), random.between(0, 255)];
  const height = random.integer(Math.ceil(size * difficulty.occluder));
  const width = random.integer(Math.ceil(size * difficulty.occluder));
  const top = random.integer(size - height);
  const left = random.integer(size - width);
  for (let y = top; y < top + height; y++) {
    for (let x = left; x < left + width; x++) {
      for (let channel = 0; channel < 3; channel++) canvas[(y * size + x) * 3 + channel] = colour[channel] ?? 0;
    }
  }
}

/** Triangular noise, the same strength all over an image; rounded to 8 bits. */
function addNoise(canvas: Float64Array, random: Random): Uint8Array {
  const strength = random.between(difficulty.noise.min, difficulty.noise.max);
  const pixels = new Uint8Array(canvas.length);
  for (let i = 0; i < canvas.length; i++) {
    const value = (canvas[i] ?? 0) + strength * (random.unit() + random.unit() - 1);
    pixels[i] = Math.min(255, Math.max(0, Math.floor(value + 0.5)));
  }
  return pixels;
}
