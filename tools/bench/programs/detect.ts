/**
 * Detection of one suspect: `node detect.ts evidence|passes`. The suspect looks at 38,000 images (eight views of 2,000
 * versions of 200 marked ones and of 2,000 unmarked, 6,000 of the test split), the marking network at 22,000. `evidence`: the stages
 * `extractEvidence` and `judge`, with all that they verify and write; `passes`: the same forward passes alone.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { generateKey, readKey } from '@radiotracer/carriers';
import { ImageShards } from '@radiotracer/corpus';
import { extractEvidence, type ExtractEvidenceInput, fitReferences, judge, views } from '@radiotracer/detector';
import { PAPER_MARKING } from '@radiotracer/marker';
import { type Artifact, RunStore, runStage } from '@radiotracer/store';
import { extractFeatures, openNetwork, predict, trainNetwork } from '@radiotracer/trainer';
import { preparedFolder } from '../folders.ts';
import { inTemporaryFolder } from './in-temporary-folder.ts';
import { markedCorpus } from './marked-corpus.ts';
import { printResult } from './print-result.ts';
import { stageContext } from './stage-context.ts';
import { trainingSettings } from './training-settings.ts';

const { store, input, key } = await prepare();
const passes = 38_000 + 22_000;
const start = performance.now();
await (process.argv[2] === 'passes' ? forwardPasses() : detection());
printResult({ rate: passes / ((performance.now() - start) / 1000) });

async function detection(): Promise<void> {
  const open = (artifact: Artifact) => store.verify(artifact);
  await inTemporaryFolder(async (folder) => {
    await extractEvidence.run(input, stageContext(folder, { open, locations: { key } }));
    const evidence = { stage: 'extractEvidence', key: '', sha256: '', facts: { marked: 200 } };
    const judging = stageContext(folder, { open: () => Promise.resolve(folder) });
    await judge.run({ evidence, name: 'suspect', log10Level: -4, test: 'exact' }, judging);
  });
}

async function forwardPasses(): Promise<void> {
  const versions = await ImageShards.open(store.folder(input.versions));
  const test = await ImageShards.open(store.folder(input.test));
  const train = await ImageShards.open(store.folder(input.train));
  const unmarked = Uint32Array.from({ length: 2000 }, (_, i) => i);
  for (const artifact of [input.suspect, input.markingNetwork]) {
    const network = openNetwork(store.folder(artifact));
    await extractFeatures(network, test);
    for (const view of views) {
      await predict(network, versions, undefined, undefined, view);
      if (artifact === input.suspect) await predict(network, train, unmarked, undefined, view);
    }
    network.dispose();
  }
}

/** Everything before detection, made by the first run and found in the store by all others. */
async function prepare(): Promise<{ store: RunStore; input: ExtractEvidenceInput; key: string }> {
  const store = await RunStore.open(join(preparedFolder, 'store'));
  const key = join(preparedFolder, 'publisher.key');
  const { keyId } = await (existsSync(key) ? readKey(key) : generateKey(key));
  const corpus = { generate: { classes: 10, trainImages: 20_000, testImages: 6000, size: 32, seed: 1 } };
  const architecture = { name: 'resnet18', stem: 'imagenet', width: 64 } as const;
  const marking = { ...PAPER_MARKING, steps: 1 };
  const settings = { corpus, keyId, architecture, marking, training: { marking: trainingSettings(1) } };
  const marked = await markedCorpus(settings, { store, locations: { key } });
  const { train, test } = marked;
  const suspect = await runStage(trainNetwork, { train, test, architecture, training: trainingSettings(2) }, { store });
  const toFit = { markingNetwork: marked.markingNetwork, train, weightDecays: [2.5e-4, 2.5e-3] };
  const references = await runStage(fitReferences, toFit, { store });
  return { store, key, input: { ...marked, keyId, suspect, references } };
}
