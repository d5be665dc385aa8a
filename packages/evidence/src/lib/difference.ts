/** Relative; logarithms differ between versions of V8 in their last bits, anything else that changes a number is more. */
const RELATIVE = 1e-9;
const ABSOLUTE = 1e-12;

/**
 * Where two JSON values differ first, as a path and both values; undefined if they are the same, numbers to nine digits.
 *
 * @example firstDifference({ a: [1, 2] }, { a: [1, 3] }, 'x'); // { path: 'x.a[1]', found: 2, expected: 3 }
 */
export function firstDifference(
  found: unknown,
  expected: unknown,
  path: string,
): { path: string; found: unknown; expected: unknown } | undefined {
  if (typeof found === 'number' && typeof expected === 'number' && isClose(found, expected)) return undefined;
  if (isObject(found) && isObject(expected) && Array.isArray(found) === Array.isArray(expected)) {
    for (const name of new Set([...Object.keys(expected), ...Object.keys(found)])) {
      const inner = Array.isArray(expected) ? `${path}[${name}]` : `${path}.${name}`;
      const difference = firstDifference(found[name], expected[name], inner);
      if (difference) return difference;
    }
    return undefined;
  }
  return found === expected ? undefined : { path, found, expected };
}

function isClose(a: number, b: number): boolean {
  return Math.abs(a - b) <= Math.max(RELATIVE * Math.max(Math.abs(a), Math.abs(b)), ABSOLUTE);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
