import { Rng, tf } from '@radiotracer/nets';
import { softmaxRegression } from '@radiotracer/trainer';

/** Settings were chosen for a clear picture of what happens, not of how much. */
const perClass = 120;
const marked = 12;
/** By how much a mark moves an image, where a cloud has standard deviation 1. */
const markLength = 2;
const centres = [-1.2, 1.2] as const;
const weightDecay = 1e-3;

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** What was learned: positive w·p + b is the second class. */
export interface Boundary {
  readonly w: Point;
  readonly b: number;
}

/** An image that is marked: where it was, and where its two versions are, one up and one down. */
export interface MarkedPoint {
  readonly original: Point;
  readonly versions: readonly [Point, Point];
}

/** The method in two dimensions, with one draw: all marked images go the same way. */
export interface Toy {
  /** The images that nobody touched, by class. */
  readonly untouched: readonly [readonly Point[], readonly Point[]];
  readonly marked: readonly MarkedPoint[];
  /** The version that is published. */
  readonly published: 0 | 1;
  /** What is learned from the clean images, and from the published ones. */
  readonly clean: Boundary;
  readonly suspect: Boundary;
  /** What is learned from other clean images of the same classes: it never saw the marks. */
  readonly control: Boundary;
}

/** Draws two clouds, marks the hardest points of the second, and learns a boundary from the clean and the published. */
export async function makeToy(seed: number): Promise<Toy> {
  const [first, second] = clouds(Rng.of(seed, 'images'));
  const clean = await boundaryBetween(first, second);
  const byEase = [...second].sort((a, b) => margin(clean, a) - margin(clean, b));
  const untouched = byEase.slice(marked);
  const moved = byEase.slice(0, marked).map(({ x, y }): MarkedPoint => {
    // Marks run along the boundary: of the hundreds of directions that features have, nearly all do.
    const step = markLength / Math.hypot(clean.w.x, clean.w.y);
    const [dx, dy] = [-clean.w.y * step, clean.w.x * step];
    return {
      original: { x, y },
      versions: [
        { x: x + dx, y: y + dy },
        { x: x - dx, y: y - dy },
      ],
    };
  });
  const published = Rng.of(seed, 'draw').integer(2) as 0 | 1;
  const suspect = await boundaryBetween(first, [...untouched, ...moved.map(({ versions }) => versions[published])]);
  const control = await boundaryBetween(...clouds(Rng.of(seed, 'control')));
  return { untouched: [first, untouched], marked: moved, published, clean, suspect, control };
}

/** How well a boundary knows each version: minus its loss, in nats, summed over the marked images, which share a draw. */
export function scores(boundary: Boundary, { marked }: Toy): number[] {
  return [0, 1].map((v) => marked.reduce((sum, { versions }) => sum - loss(boundary, versions[v as 0 | 1]), 0));
}

function clouds(rng: Rng): [Point[], Point[]] {
  const cloud = (centre: number): Point[] =>
    Array.from({ length: perClass }, () => ({ x: centre + rng.normal(), y: rng.normal() }));
  return [cloud(centres[0]), cloud(centres[1])];
}

async function boundaryBetween(first: readonly Point[], second: readonly Point[]): Promise<Boundary> {
  const features = tf.tensor2d([...first, ...second].map(({ x, y }) => [x, y]));
  const labels = Int32Array.from([...first.map(() => 0), ...second.map(() => 1)]);
  const { weight, bias } = await softmaxRegression(features, labels, { classes: 2, weightDecay });
  const [[x0 = NaN, y0 = NaN] = [], [x1 = NaN, y1 = NaN] = []] = weight.arraySync();
  const [b0 = NaN, b1 = NaN] = bias.arraySync();
  tf.dispose([features, weight, bias]);
  return { w: { x: x1 - x0, y: y1 - y0 }, b: b1 - b0 };
}

function margin({ w, b }: Boundary, { x, y }: Point): number {
  return w.x * x + w.y * y + b;
}

/** Cross-entropy of a point of the second class, in nats. */
function loss(boundary: Boundary, point: Point): number {
  return Math.log1p(Math.exp(-margin(boundary, point)));
}
