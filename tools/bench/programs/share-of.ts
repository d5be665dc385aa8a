import type { Profiler } from 'node:inspector';

/** Share of a profile's time, in [0, 1], spent in functions of these names and in what they call. */
export function shareOf({ nodes, samples = [], timeDeltas = [] }: Profiler.Profile, names: readonly string[]): number {
  const inside = new Set<number>();
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const enter = (id: number): void => {
    inside.add(id);
    byId.get(id)?.children?.forEach(enter);
  };
  for (const { id, callFrame } of nodes) if (names.includes(callFrame.functionName)) enter(id);
  let [within, all] = [0, 0];
  samples.forEach((id, i) => {
    const time = timeDeltas[i] ?? 0;
    all += time;
    if (inside.has(id)) within += time;
  });
  return within / all;
}
