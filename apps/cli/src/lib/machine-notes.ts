import { type Artifact, isArtifact, type Store } from '@radiotracer/store';

/**
 * A line for each artefact of a result that was begun on one kind of machine and finished on another: only on one kind
 * (processor, cores, Node, TensorFlow) does the same input give the same bits.
 */
export async function machineNotes(store: Store, result: unknown): Promise<string[]> {
  const notes: string[] = [];
  for (const artifact of artifactsIn(result)) {
    const { record } = await store.describe(artifact);
    if (record.earlierMachines === undefined) continue;
    const machines = [...record.earlierMachines, record.machine].map(({ cpu, cores, node, software }) =>
      [`${cores} × ${cpu}`, `Node ${node}`, ...Object.entries(software ?? {}).map((pair) => pair.join(' '))].join(', '),
    );
    notes.push(
      `note: ${artifact.stage} ${artifact.key.slice(0, 12)} went from one kind of machine to another ` +
        `(${machines.join(' → ')}); its last bits may differ from what either computes alone`,
    );
  }
  return notes;
}

function artifactsIn(value: unknown): Artifact[] {
  if (isArtifact(value)) return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(artifactsIn) : [];
}
