/** Some of the images of arrays that hold a value for each: [n] → [images], in the order in which they are named. */
export function pickImages<Marked extends object>(marked: Marked, images: readonly number[]): Marked {
  const pick = (values: readonly unknown[]): unknown[] => images.map((i) => values[i]);
  return Object.fromEntries(Object.entries(marked).map(([field, values]) => [field, pick(values)])) as Marked;
}
