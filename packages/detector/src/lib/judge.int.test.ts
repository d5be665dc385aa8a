import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Artifact, RunStore, runStage } from '@radiotracer/store';
import { classNames, simulatedEvidence } from '../../test/simulated-evidence.ts';
import { judge } from './judge.ts';
import type { ClassResult } from './types.ts';

let store: RunStore;
beforeEach(async () => (store = await RunStore.open(await mkdtemp(join(tmpdir(), 'radiotracer-judge-')))));
afterEach(() => rm(store.root, { recursive: true }));

/** An artefact of the `extractEvidence` stage that holds this text. */
function evidenceArtifact(text: string): Promise<Artifact<{ marked: number }>> {
  const run = (_: object, { outputDir }: { outputDir: string }) =>
    writeFile(join(outputDir, 'evidence.json'), text).then(() => ({ marked: 50 }));
  return runStage({ name: 'extractEvidence', version: 1, run }, {}, { store });
}

it('leaves the verdict, which is also its facts, and the table of classes', async () => {
  const evidence = await evidenceArtifact(JSON.stringify(simulatedEvidence({ seed: 1, effect: 0.5 })));
  const artifact = await runStage(judge, { evidence, name: 'suspect', log10Level: -4, test: 'exact' }, { store });
  const read = async (file: string): Promise<unknown> =>
    JSON.parse(await readFile(join(store.folder(artifact), file), 'utf8'));
  expect(await read('verdict.json')).toEqual(artifact.facts);
  expect(artifact.facts).toMatchObject({ name: 'suspect', detected: true, log10Level: -4 });

  const classes = (await read('classes.json')) as ClassResult[];
  expect(classes.map(({ className, marked }) => [className, marked])).toEqual(classNames.map((name) => [name, 10]));
  for (const { decoyLog10P, cosineLog10P } of classes) {
    expect(decoyLog10P).toBeGreaterThanOrEqual(-10); // 10 draws of 10 versions: no p-value below 10^-10
    expect(Math.max(decoyLog10P ?? NaN, cosineLog10P ?? NaN)).toBeLessThanOrEqual(0);
  }
});

it('refuses evidence with a loss that is no number, and names image and version', async () => {
  const evidence = simulatedEvidence({ seed: 1 });
  const suspectLoss = evidence.marked.suspectLoss.map((image, i) => (i === 3 ? image.with(7, NaN) : image));
  const text = JSON.stringify({ ...evidence, marked: { ...evidence.marked, suspectLoss } });
  await expect(
    runStage(
      judge,
      { evidence: await evidenceArtifact(text), name: 'suspect', log10Level: -4, test: 'exact' },
      { store },
    ),
  ).rejects.toMatchObject({
    name: 'InvalidEvidenceError',
    message: expect.stringContaining('marked.suspectLoss[3][7] (marked image 3, version 7) is invalid'),
  });
});
