import { cp, mkdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { inTurn, syncTree, writeFileAtomic, type Artifact, type Store } from '@radiotracer/store';
import type { DetectResult, ExperimentResult, MarkResult, SweepResult, TrainResult } from '@radiotracer/workflows';
import { leaveEvidence } from './leave-evidence.ts';
import type { RunRecord } from './run-record.ts';

/*
 * What a run leaves in its folder, besides its artefacts in the store: `result.json` (references to the artefacts,
 * nothing secret), and copies of what people want in their hands.
 */

/**
 * Copies the result of a finished run into its folder, and returns the name and path of each thing worth telling. Of several
 * commands that watched the run each waits for the one before.
 */
export async function leaveResult(
  store: Store,
  record: RunRecord,
  result: unknown,
): Promise<[name: string, path: string][]> {
  const { out } = record;
  return inTurn(join(out, '.leaving'), async () => {
    const left = await leaveFiles(store, record, result);
    await writeFileAtomic(join(out, 'result.json'), `${JSON.stringify(result, null, 2)}\n`); // last: it means "finished"
    return left;
  });
}

async function leaveFiles(store: Store, record: RunRecord, result: unknown): Promise<[name: string, path: string][]> {
  const { out } = record;
  switch (record.workflow) {
    case 'mark':
      await copyFrom(store, (result as MarkResult).publication, out, ['published', 'private']);
      return [
        ['to release', join(out, 'published')],
        ['to keep secret', join(out, 'private')],
      ];
    case 'train':
      await copyFrom(store, (result as TrainResult).network, out, ['weights.safetensors', 'log.jsonl']);
      return [['weights', join(out, 'weights.safetensors')]];
    case 'detect':
      return leaveReport(store, record, result as DetectResult);
    case 'experiment':
      return [
        ...(await leaveReport(store, record, result as DetectResult)),
        ['publication', await store.verify((result as ExperimentResult).publication)],
      ];
    case 'sweep':
      await copyFrom(store, (result as SweepResult).study, out, ['study.html', 'study.csv', 'study.parquet']);
      return [
        ['report', join(out, 'study.html')],
        ['table', join(out, 'study.csv')],
      ];
  }
}

async function leaveReport(store: Store, record: RunRecord, result: DetectResult): Promise<[string, string][]> {
  await copyFrom(store, result.report, record.out, ['report.html', 'summary.json']);
  const asked = result.models.map(({ answers }) => answers).find((answers) => answers?.stage === 'askEndpoint');
  if (asked) await copyFrom(store, asked, record.out, ['answers.jsonl']);
  const evidence = await leaveEvidence(store, record, result);
  return [
    ['report', join(record.out, 'report.html')],
    ...(asked ? [['answers', join(record.out, 'answers.jsonl')] as [string, string]] : []),
    ...(evidence ? [['evidence', evidence] as [string, string]] : []),
  ];
}

async function copyFrom(store: Store, artifact: Artifact, out: string, names: readonly string[]): Promise<void> {
  const folder = await store.verify(artifact);
  for (const name of names) {
    const aside = join(out, `.${name}.partial`); // a half-copied corpus must not be taken for one to release
    await rm(aside, { recursive: true, force: true });
    if (name === 'private') await mkdir(aside, { mode: 0o700 });
    await cp(join(folder, name), aside, { recursive: true });
    await syncTree(aside);
    await rm(join(out, name), { recursive: true, force: true });
    await rename(aside, join(out, name));
  }
}

/** The result that a run left in its folder, if it has finished. */
export async function findResult<Result extends object>(folder: string): Promise<Result | undefined> {
  const text = await readFile(join(folder, 'result.json'), 'utf8').catch(() => undefined);
  return text === undefined ? undefined : (JSON.parse(text) as Result);
}
