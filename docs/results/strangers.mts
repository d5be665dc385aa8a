/**
 * A negative control of a study: every suspect is judged once more by the publications of the other runs, which it never
 * saw. Takes the store, the study's table and the folder of its keys; the store gets the evidence. `decoys.mjs` is another.
 *
 *     node --conditions=@radiotracer/source --import tsx docs/results/strangers.mts <store> <study.csv> <study>.keys
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { csvParse } from 'd3-dsv';
import { type Evidence, extractEvidence, type ExtractEvidenceInput, judgeEvidence, parseEvidence } from '@radiotracer/detector';
import { formatP } from '@radiotracer/stats';
import { type Artifact, type Manifest, RunStore, runStage } from '@radiotracer/store';

const [storePath = '', table = '', keys = ''] = process.argv.slice(2);
const store = await RunStore.open(storePath);
const rows = csvParse(await readFile(table, 'utf8')).filter(({ model }) => model === 'suspect');

async function inputOf<T>(artifact: Artifact): Promise<T> {
  return (JSON.parse(await readFile(join(store.folder(artifact), 'manifest.json'), 'utf8')) as Manifest).input as T;
}
const evidenceIn = async (artifact: Artifact): Promise<Evidence> =>
  parseEvidence(JSON.parse(await readFile(join(store.folder(artifact), 'evidence.json'), 'utf8')));
const p = (evidence: Evidence): string =>
  formatP(judgeEvidence(evidence, { name: 'suspect', log10Level: -4, test: 'exact' }).decisive.log10P);

const runs = await Promise.all(
  rows.map(async ({ run = '', report = '' }) => {
    const found = await store.find('writeReport', report);
    if (found === undefined) throw new Error(`${table}: report ${report} of run ${run} is not in ${storePath}`);
    const [suspect] = (await inputOf<{ models: { evidence: Artifact }[] }>(found)).models;
    if (suspect === undefined) throw new Error(`${table}: report ${report} of run ${run} has no model`);
    return { run, evidence: suspect.evidence, input: await inputOf<ExtractEvidenceInput>(suspect.evidence) };
  }),
);

console.log('| suspect of run | by its own publication | by those of the other runs |');
console.log('| --- | --- | --- |');
for (const { run, evidence, input } of runs) {
  const own = await evidenceIn(evidence);
  const strangers: string[] = [];
  for (const other of runs) {
    if (other.run === run) continue;
    const locations = { key: join(keys, `run-${other.run}.key`) };
    const asked = await runStage(extractEvidence, { ...other.input, suspect: input.suspect }, { store, locations });
    strangers.push(p(await evidenceIn(asked)));
  }
  console.log(`| ${run} | ${p(own)} | ${strangers.join(', ')} |`);
}
