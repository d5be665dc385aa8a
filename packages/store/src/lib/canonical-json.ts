import canonicalize from 'canonicalize';
import { InvalidStageError } from './errors.ts';

/**
 * The one JSON text of a value (RFC 8785: sorted keys, no spaces, shortest numbers), whatever order its properties have.
 *
 * @param value - JSON: null, booleans, finite numbers, strings, arrays, plain objects
 * @param name - what the value is, the first word of an error's path
 * @throws InvalidStageError naming the path of what JSON cannot hold: NaN, undefined, a function, a Date, a typed array
 * @example canonicalJson({ b: 1, a: [true] }, 'input'); // '{"a":[true],"b":1}'
 */
export function canonicalJson(value: unknown, name: string): string {
  assertJson(value, name);
  return canonicalize(value) as string;
}

function assertJson(value: unknown, path: string): void {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return;
  if (typeof value === 'number' && Number.isFinite(value)) return;
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) assertJson(value[i], `${path}[${i}]`);
  } else if (isPlainObject(value)) {
    for (const [property, member] of Object.entries(value)) assertJson(member, `${path}.${property}`);
  } else {
    const found =
      typeof value === 'object' ? value.constructor.name : typeof value === 'function' ? 'a function' : String(value);
    throw new InvalidStageError(`store: ${path} must be JSON, found ${found}; leave it out or write it as JSON`);
  }
}

/** Also true for objects of another realm (a `vm` context), whose `Object` is not ours. */
function isPlainObject(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
