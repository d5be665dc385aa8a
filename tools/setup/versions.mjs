/**
 * Whether a version is at least another, part by part as numbers.
 *
 * @param {string} version - like `20.19.0`
 * @param {string} minimum - like `20.19`; parts that are missing count as 0
 * @returns {boolean}
 */
export function atLeast(version, minimum) {
  const found = version.split('.').map(Number);
  for (const [i, needed] of minimum.split('.').map(Number).entries()) {
    const have = found[i] ?? 0;
    if (have !== needed) return have > needed;
  }
  return true;
}
