/**
 * A stream of random numbers named by a list of integers: the same on every machine, and independent of every other
 * stream. Generator: sfc32 (Chris Doty-Humphrey, PractRand), seeded by the names through MurmurHash3's mixing.
 */
export class Random {
  #a = 0x9e3779b9;
  #b = 0x243f6a88;
  #c = 0xb7e15162;
  #counter = 1;

  /** @param names - integers, of which the lower 53 bits count */
  constructor(...names: readonly number[]) {
    for (const name of names) {
      this.#a = mix(this.#a ^ (name | 0));
      this.#b = mix(this.#b ^ Math.floor(name / 2 ** 32));
      this.#c = mix(this.#c ^ this.#a);
      for (let i = 0; i < 4; i++) this.#bits();
    }
    for (let i = 0; i < 12; i++) this.#bits();
  }

  /** Uniform in [0, 1), a multiple of 2^−32. */
  unit(): number {
    return (this.#bits() >>> 0) / 2 ** 32;
  }

  /** Uniform in [low, high). */
  between(low: number, high: number): number {
    return low + (high - low) * this.unit();
  }

  /** Uniform in the integers [0, n). */
  integer(n: number): number {
    return Math.floor(this.unit() * n);
  }

  #bits(): number {
    const t = (((this.#a + this.#b) | 0) + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = ((this.#c << 21) | (this.#c >>> 11)) + t;
    return t;
  }
}

function mix(word: number): number {
  let h = word | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}
