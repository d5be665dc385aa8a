/**
 * A process of its own for the tests: runs a stage on the store in argv[2] with the cache in argv[5], which adds a line
 * to the log in argv[3], counts to 20 in its scratch folder, resting argv[4] ms each time, and writes what it counted.
 * Prints the artefact.
 */
import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { openStore, runStage, writeFileAtomic } from '../src/index.ts';
import type { Stage } from '../src/index.ts';

const [place = '', log = '', restMs = '0', cache] = process.argv.slice(2);

const count: Stage<{ to: number }, { from: number }> = {
  name: 'count',
  version: 1,
  async run({ to }, { outputDir, scratchDir, report, signal }) {
    await appendFile(log, `${process.pid}\n`);
    const checkpoint = join(scratchDir, 'counted');
    const from = Number(await readFile(checkpoint, 'utf8').catch(() => '0'));
    await writeFile(join(outputDir, `from-${from}`), 'an attempt that is cut off leaves this behind');
    for (let i = from + 1; i <= to; i++) {
      await setTimeout(Number(restMs));
      signal.throwIfAborted();
      await writeFileAtomic(checkpoint, String(i));
      report({ done: i, total: to, unit: 'numbers' });
    }
    await writeFile(join(outputDir, 'counted'), String(to));
    return { from };
  },
};

const store = await openStore(place, { cache });
const artifact = await runStage(count, { to: 20 }, { store, report: ({ done }) => process.stderr.write(`${done}\n`) });
process.stdout.write(JSON.stringify(artifact));
