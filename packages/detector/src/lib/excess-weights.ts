/**
 * What the suspect's class weights have beyond those of networks that never saw the marks: each class's weight, less the
 * mean of all classes, less what the references' weights of that class can make of it (least squares).
 *
 * Most of a class weight is what any network learns of the class, and to a cosine with the carrier that is noise. The
 * carriers enter neither, so a cosine with the rest has the same null distribution.
 *
 * @param weights - A w_c by class, [K, D]
 * @param references - the class weights of each reference, [K, D]
 * @returns [K, D]; of a single class, zeros
 */
export function excessWeights(
  weights: Float32Array,
  references: readonly Float32Array[],
  classes: number,
): Float32Array {
  const dimension = weights.length / classes;
  const ours = centred(weights, classes);
  const theirs = references.map((reference) => centred(reference, classes));
  const excess = new Float32Array(weights.length);
  for (let start = 0; start < weights.length; start += dimension) {
    const ofClass = (of: Float64Array): Float64Array => of.slice(start, start + dimension);
    const basis: Float64Array[] = []; // orthogonal, of the references' span
    for (const reference of theirs) basis.push(lessProjections(ofClass(reference), basis));
    excess.set(lessProjections(ofClass(ours), basis), start);
  }
  return excess;
}

/** Less the mean over classes: a network's answers do not change with it. */
function centred(weights: Float32Array, classes: number): Float64Array {
  const dimension = weights.length / classes;
  const mean = new Float64Array(dimension);
  weights.forEach((weight, i) => (mean[i % dimension] = (mean[i % dimension] as number) + weight / classes));
  return Float64Array.from(weights, (weight, i) => weight - (mean[i % dimension] as number));
}

/** What of a vector is at right angles to a basis whose vectors are at right angles to each other. */
function lessProjections(vector: Float64Array, basis: readonly Float64Array[]): Float64Array {
  return basis.reduce((rest, b) => {
    const square = dot(b, b);
    const slope = square === 0 ? 0 : dot(rest, b) / square;
    return rest.map((value, i) => value - slope * (b[i] as number));
  }, vector);
}

function dot(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, value, i) => sum + value * (b[i] as number), 0);
}
