/**
 * The stages of a soak, loaded by the real compute child: the real ones where `locations.real` is set, else ones that
 * wait a little, keep a checkpoint, and write a file.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { sha256 } from '@radiotracer/store';
import { stages as realStages } from '@radiotracer/worker/stages';
import { stageVersions } from '@radiotracer/workflows';

const STEPS = 5;
const STEP_MS = 10;

export const stages = Object.fromEntries(
  Object.keys(realStages).map((name) => [name, async () => ({ name, version: stageVersions[name], run: runOf(name) })]),
);

function runOf(name) {
  return async (input, context) => {
    if (context.locations.real) return (await realStages[name]()).run(input, context);
    for (let done = 1; done <= STEPS; done++) {
      await setTimeout(STEP_MS);
      await writeFile(join(context.scratchDir, 'checkpoint'), String(done));
      context.report({ done, total: STEPS, unit: 'steps' });
    }
    await writeFile(join(context.outputDir, 'output.json'), JSON.stringify(input));
    return { madeOf: sha256(JSON.stringify(input)) };
  };
}
