/** What a worker bundles to try the `sweep` workflow on many experiments, which end at once. */
export { sweep } from '../src/lib/sweep.ts';

/** Its result is larger than a real one, which has tens of kB where there are many classes. */
export async function experiment({ title }: { readonly title: string }): Promise<object> {
  const report = { stage: 'writeReport', key: title, sha256: '0'.repeat(64), facts: {} };
  return { report, filler: 'x'.repeat(100_000) };
}
