/** The stage `ingest` on a split: `node ingest.ts <corpus> <split>`. */
import { describeCorpus, ingest } from '@radiotracer/corpus';
import { inTemporaryFolder } from './in-temporary-folder.ts';
import { printResult } from './print-result.ts';
import { stageContext } from './stage-context.ts';

const [corpus = '', split = ''] = process.argv.slice(2);
const { digest } = await describeCorpus(corpus);
await inTemporaryFolder(async (folder) => {
  const start = performance.now();
  const { count } = await ingest.run({ source: { digest }, split }, stageContext(folder, { locations: { corpus } }));
  printResult({ rate: count / ((performance.now() - start) / 1000) });
});
