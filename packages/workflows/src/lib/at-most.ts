/**
 * Does the work of each item, of at most `width` at once, begun in their order.
 *
 * @returns what came of them, in the order of the items; rejects with the first failure
 */
export async function atMost<Item, Result>(
  width: number,
  items: readonly Item[],
  work: (item: Item, index: number) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  const rest = items.entries(); // shared: whoever is free takes the next
  const lane = async (): Promise<void> => {
    for (const [index, item] of rest) results[index] = await work(item, index);
  };
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, lane));
  return results;
}
