/**
 * Seeded random numbers that are a function of (seed, path): the same on every machine, and the numbers of image 7 in
 * epoch 3 do not depend on what was drawn before, so a resumed run draws what an undisturbed one does.
 *
 * xoshiro128** (Blackman and Vigna 2018), its state filled by MurmurHash3's mixer over the path. For training and
 * augmentation; not for secrets.
 */
export class Rng {
  private constructor(private readonly state: Uint32Array) {}

  /** @param path - names of the stream, such as `('augment', epoch, row)`; numbers are taken modulo 2³². */
  static of(seed: number, ...path: readonly (string | number)[]): Rng {
    const state = new Uint32Array(4);
    for (let lane = 0; lane < 4; lane++) {
      let hash = mix(seed ^ Math.imul(lane + 1, 0x9e3779b9));
      for (const part of path) {
        if (typeof part === 'number') hash = mix(Math.imul(hash, 31) + part);
        else for (let i = 0; i < part.length; i++) hash = mix(Math.imul(hash, 31) + part.charCodeAt(i));
      }
      state[lane] = hash;
    }
    if (state.every((word) => word === 0)) state[0] = 1;
    return new Rng(state);
  }

  /** Uniform integer in [0, 2³²). */
  uint32(): number {
    const s = this.state as unknown as [number, number, number, number];
    const result = Math.imul(rotateLeft(Math.imul(s[1], 5), 7), 9) >>> 0;
    const t = s[1] << 9;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotateLeft(s[3], 11);
    return result;
  }

  /** Uniform in [0, 1), with 32 bits. */
  uniform(): number {
    return this.uint32() / 2 ** 32;
  }

  /** Uniform integer in [0, n), n ≤ 2³²; the bias of at most n/2³² is of no matter to training. */
  integer(n: number): number {
    return Math.floor(this.uniform() * n);
  }

  /** Standard normal, by Box and Muller. */
  normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.uniform())) * Math.cos(2 * Math.PI * this.uniform());
  }

  /** The numbers 0..n−1 in random order (Fisher and Yates). */
  permutation(n: number): Uint32Array {
    const order = Uint32Array.from({ length: n }, (_, i) => i);
    for (let i = n - 1; i > 0; i--) {
      const j = this.integer(i + 1);
      const swapped = order[i] as number;
      order[i] = order[j] as number;
      order[j] = swapped;
    }
    return order;
  }
}

function mix(x: number): number {
  let h = x | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

function rotateLeft(x: number, bits: number): number {
  return (x << bits) | (x >>> (32 - bits));
}
