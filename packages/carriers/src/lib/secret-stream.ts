import { createCipheriv } from 'node:crypto';
import type { Cipher } from 'node:crypto';
import { assertInteger } from './assert-integer.ts';
import type { MarkingKey } from './marking-key.ts';

const BLOCK_BYTES = 4096;
const ZEROS = new Uint8Array(BLOCK_BYTES);
/** √(2/e), the half-width of the region in which `normal` looks for a point. */
const SQRT_2_OVER_E = 0.8577638849607068;

/**
 * Random numbers that follow from a marking key and a domain, the same on every machine and in every language:
 * the keystream of AES-256-CTR under the 32 bytes `key.derive(domain, 32)`, with an initial counter block of zeros.
 * Each number takes the next bytes of it, as said at each method; all integers are little-endian.
 */
export class SecretStream {
  readonly #cipher: Cipher;
  #block = Buffer.alloc(0);
  #offset = 0;

  /** @param domain - what the numbers are for, with everything they depend on; the same domain gives the same numbers */
  constructor(key: MarkingKey, domain: string) {
    this.#cipher = createCipheriv('aes-256-ctr', key.derive(domain, 32), Buffer.alloc(16));
  }

  /**
   * Uniform integer in [0, n), without bias: takes 4 bytes as u, again while u ≥ ⌊2³²/n⌋·n, and returns u mod n.
   *
   * @param n - integer in [1, 2³²]
   * @throws InvalidArgumentError if n is not such an integer
   */
  uniformInt(n: number): number {
    assertInteger('n', n, 1, 2 ** 32);
    const limit = 2 ** 32 - (2 ** 32 % n);
    for (;;) {
      const u = this.#uint32();
      if (u < limit) return u % n;
    }
  }

  /** Uniform in [0, 1), a multiple of 2⁻⁵³: takes 8 bytes as u and returns ⌊u / 2¹¹⌋ · 2⁻⁵³. */
  uniform(): number {
    const low = this.#uint32();
    const high = this.#uint32();
    return (high * 2 ** 21 + (low >>> 11)) * 2 ** -53;
  }

  /**
   * Standard normal, by the ratio of uniforms: u = 1 − uniform(), v = (2·uniform() − 1)·√(2/e), x = v/u, again while
   * x² > −4 ln u. The logarithm, which differs between libraries in its last bit, only decides; x itself is made of
   * operations that IEEE 754 defines to the last bit.
   *
   * Source: Kinderman & Monahan 1977, "Computer generation of random variables using the ratio of uniform deviates".
   */
  normal(): number {
    for (;;) {
      const u = 1 - this.uniform(); // in (0, 1]
      const v = (2 * this.uniform() - 1) * SQRT_2_OVER_E;
      const x = v / u;
      if (x * x <= -4 * Math.log(u)) return x;
    }
  }

  #uint32(): number {
    if (this.#offset === this.#block.length) {
      this.#block = this.#cipher.update(ZEROS);
      this.#offset = 0;
    }
    const value = this.#block.readUInt32LE(this.#offset);
    this.#offset += 4;
    return value;
  }
}
