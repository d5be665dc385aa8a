import { createHmac, createSecretKey, hkdfSync } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { InvalidArgumentError } from './errors.ts';

/** Length of a key, in bytes. */
export const KEY_BYTES = 32;

/**
 * The publisher's secret, 256 bits from which every carrier, draw and choice follows. Opaque: printing, inspecting or
 * serialising it shows the start of its id only.
 */
export class MarkingKey {
  readonly #secret: KeyObject;

  /**
   * Hex, 64 digits: HKDF of the key in a domain of its own. Safe to publish: it names the key, and nothing of the
   * key or of what else is derived from it can be computed from it.
   */
  readonly keyId: string;

  /**
   * @param bytes - 32 bytes from a cryptographic random generator, copied
   * @throws InvalidArgumentError if there are not 32
   */
  constructor(bytes: Uint8Array) {
    if (bytes.length !== KEY_BYTES) {
      throw new InvalidArgumentError(`carriers: a marking key has ${KEY_BYTES} bytes, found ${bytes.length}`);
    }
    this.#secret = createSecretKey(bytes);
    this.keyId = Buffer.from(this.derive('key-id', 32)).toString('hex');
  }

  /**
   * Secret bytes for one purpose: HKDF-SHA256 (RFC 5869), empty salt, info = ASCII `radiotracer/v1/` + `domain`.
   * Those of different domains are independent for anyone without the key.
   *
   * @param length - number of bytes, in [1, 8160]
   */
  derive(domain: string, length: number): Uint8Array {
    return new Uint8Array(hkdfSync('sha256', this.#secret, new Uint8Array(), `radiotracer/v1/${domain}`, length));
  }

  /** HMAC-SHA256 of `message` under the key. */
  hmac(message: Uint8Array): Uint8Array {
    return createHmac('sha256', this.#secret).update(message).digest();
  }

  toString(): string {
    return `MarkingKey(${this.keyId.slice(0, 8)})`;
  }

  toJSON(): string {
    return this.toString();
  }

  /** For `console.log` and `util.inspect`. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }
}
