/**
 * Stages in the place of the real ones, loaded by the real child process: each takes as many short steps as its
 * settings say epochs, keeps a checkpoint after each, and writes down its process id in `locations.probe`.
 */
import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { type Artifact, sha256, writeFileAtomic, type Stage } from '@radiotracer/store';
import { stageVersions, type StageName } from '@radiotracer/workflows';

const STEP_MS = 100;

class BadSettingsError extends Error {
  override readonly name = 'BadSettingsError';
  readonly retryable = false;
}

/** What the stage does besides: `training.seed` −1 is refused, −2 and −3 abort the process, −4 hangs at first, −5 waits for a pipe. */
interface FakeInput {
  /** Is opened first. */
  readonly train?: Artifact;
  readonly training?: { readonly epochs: number; readonly seed: number };
}

function fakeStage(name: StageName): Stage<FakeInput, unknown> {
  return {
    name,
    version: stageVersions[name],
    async run(input, { outputDir, scratchDir, locations, open, report, signal }) {
      const { epochs = 1, seed = 0 } = input.training ?? {};
      if (seed === -1) throw new BadSettingsError(`${name}: training.seed is -1; give an integer ≥ 0`);
      if (seed === -2 || seed === -3) {
        console.error(seed === -2 ? 'what():  map::at' : 'what():  std::bad_alloc');
        if (locations.probe) await appendFile(join(locations.probe, name), `${process.pid} from 0\n`);
        process.kill(process.pid, 'SIGABRT'); // as the C++ runtime does
      }
      if (input.train && input.train.key !== 'k') await open(input.train);
      const checkpoint = join(scratchDir, 'checkpoint');
      const start = Number(await readFile(checkpoint, 'utf8').catch(() => 0));
      if (locations.probe) await appendFile(join(locations.probe, name), `${process.pid} from ${start}\n`);
      for (let step = start; step < epochs; step++) {
        await setTimeout(STEP_MS);
        signal.throwIfAborted();
        await writeFileAtomic(checkpoint, `${step + 1}`);
        if (seed === -4 && start === 0 && step === 1) process.kill(process.pid, 'SIGSTOP');
        if (seed === -5 && start === 0 && step === 1) await readFile(join(locations.probe ?? '', 'pipe'));
        report({ done: step + 1, total: epochs, unit: 'steps', detail: { loss: 1 / (step + 1) } });
      }
      await writeFile(join(outputDir, 'output.json'), JSON.stringify(input));
      return { madeOf: sha256(JSON.stringify(input)), ...(name === 'chooseImages' && { marked: 100 }) };
    },
  };
}

export const stages = Object.fromEntries(
  (Object.keys(stageVersions) as StageName[]).map((name) => [name, async () => fakeStage(name)]),
);
