/**
 * A dry run of an experiment on ImageNet: the real workflow on a real development server, with stages that compute
 * nothing and leave references of the real size. Prints what the workflow costs the server, and from the rates of
 * `rates.json` how long it would take on how many workers, and what it would cost:
 *
 *     node --conditions=@radiotracer/source --import tsx tools/scale/dry-run.ts [marked fraction, 0.01] [speed-up, 1]
 *
 * A speed-up of 100 is a machine that computes 100 times as fast as the one that was measured.
 */
import { readFile } from 'node:fs/promises';
import { imagenetExperiment } from './imagenet.ts';
import { costTable, stageTable, workflowText } from './print.ts';
import type { Rates } from './rates.ts';
import { runStubbed } from './run-stubbed.ts';
import { workOf } from './work.ts';

const markedFraction = Number(process.argv[2] ?? 0.01);
const speedUp = Number(process.argv[3] ?? 1);
const rates = JSON.parse(await readFile(new URL('rates.json', import.meta.url), 'utf8')) as Rates;
const { calls, load } = await runStubbed(imagenetExperiment(markedFraction));
const works = calls.map((call) => workOf(call, rates, speedUp));
console.log(`Rates of ${rates.machine}${speedUp === 1 ? '' : `; as if it computed ${speedUp} times as fast`}\n`);
console.log(workflowText(load));
console.log(stageTable(works, rates));
console.log(costTable(works, rates, speedUp === 1));
