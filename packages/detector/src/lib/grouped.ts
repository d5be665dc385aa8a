/** Values of the versions of images, one image after the other: [n · V] → [n][V]. */
export function grouped<T>(values: ArrayLike<T>, versions: number): T[][] {
  return Array.from({ length: values.length / versions }, (_, i) =>
    Array.from({ length: versions }, (_, v) => values[i * versions + v] as T),
  );
}
