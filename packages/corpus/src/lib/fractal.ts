import type { Random } from './random.ts';

/** x ↦ a·x + b·y + e, y ↦ c·x + d·y + f, drawn with the probability `weight`. */
interface AffineMap {
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly d: number;
  readonly e: number;
  readonly f: number;
  readonly weight: number;
}

/** An iterated function system: its attractor is the shape that a class of the generated corpus shows. */
export type FunctionSystem = readonly AffineMap[];

/** Cells of a 16×16 grid over the attractor that it must touch: fewer is a speck, more is a blot. */
const filledCells = { min: 50, max: 150 };
const grid = 16;

/** Draws systems until one has an attractor with a shape worth learning. */
export function drawSystem(random: Random): FunctionSystem {
  for (;;) {
    const system = Array.from({ length: 2 + random.integer(3) }, () => drawMap(random));
    const points = attractor(system, random, 1500);
    const cells = new Set<number>();
    for (let i = 0; i < points.length; i += 2) {
      const column = Math.floor(((points[i] ?? 0) + 2) * (grid / 4));
      const line = Math.floor(((points[i + 1] ?? 0) + 2) * (grid / 4));
      cells.add(line * 4 * grid + column);
    }
    if (cells.size >= filledCells.min && cells.size <= filledCells.max) return system;
  }
}

/** Each coefficient moved by up to `amount`, as images of one class differ. */
export function perturb(system: FunctionSystem, amount: number, random: Random): FunctionSystem {
  const move = (value: number): number => value + random.between(-amount, amount);
  return system.map(({ a, b, c, d, e, f, weight }) => ({
    a: move(a),
    b: move(b),
    c: move(c),
    d: move(d),
    e: move(e),
    f: move(f),
    weight,
  }));
}

/**
 * Points of the attractor by the chaos game, moved and scaled so that their mean is 0 and they lie 1 away from it on
 * average (in |x| + |y|).
 *
 * @returns [count, 2]: x and y in turn
 */
export function attractor(system: FunctionSystem, random: Random, count: number): Float64Array {
  const points = new Float64Array(2 * count);
  const total = system.reduce((sum, { weight }) => sum + weight, 0);
  let x = 0;
  let y = 0;
  let meanX = 0;
  let meanY = 0;
  for (let i = -20; i < count; i++) {
    let left = random.unit() * total;
    let map = system[0];
    for (map of system) if ((left -= map.weight) < 0) break;
    if (!map) break;
    const nextX = clamp(map.a * x + map.b * y + map.e);
    y = clamp(map.c * x + map.d * y + map.f);
    x = nextX;
    if (i < 0) continue; // not yet on the attractor
    points[2 * i] = x;
    points[2 * i + 1] = y;
    meanX += x / count;
    meanY += y / count;
  }
  let spread = 1e-6;
  for (let i = 0; i < 2 * count; i += 2) {
    points[i] = (points[i] ?? 0) - meanX;
    points[i + 1] = (points[i + 1] ?? 0) - meanY;
    spread += (Math.abs(points[i] ?? 0) + Math.abs(points[i + 1] ?? 0)) / count;
  }
  for (let i = 0; i < 2 * count; i++) points[i] = (points[i] ?? 0) / spread;
  return points;
}

/** Cosine and sine of 2·atan(t), without functions that differ between machines. */
export function rotation(t: number): { cosine: number; sine: number } {
  const square = t * t;
  return { cosine: (1 - square) / (1 + square), sine: (2 * t) / (1 + square) };
}

/** Rotation, scaling along the axes, rotation; weight by its area. */
function drawMap(random: Random): AffineMap {
  const p = rotation(random.between(-1, 1));
  const q = rotation(random.between(-1, 1));
  const scaleX = random.between(0.25, 0.85) * (random.unit() < 0.5 ? -1 : 1);
  const scaleY = random.between(0.25, 0.85);
  const a = p.cosine * scaleX * q.cosine - p.sine * scaleY * q.sine;
  const b = -p.cosine * scaleX * q.sine - p.sine * scaleY * q.cosine;
  const c = p.sine * scaleX * q.cosine + p.cosine * scaleY * q.sine;
  const d = -p.sine * scaleX * q.sine + p.cosine * scaleY * q.cosine;
  return { a, b, c, d, e: random.between(-1, 1), f: random.between(-1, 1), weight: 0.05 + Math.abs(a * d - b * c) };
}

/** A perturbed map may expand; then its points stay at the edge. */
function clamp(value: number): number {
  return Math.min(8, Math.max(-8, value));
}
