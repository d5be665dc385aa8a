import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { parquet, png, pngBomb } from '../../test/bad-input/files.ts';
import { runCommand } from '../../test/run-command.ts';

/* What only decoding finds out, through the whole command: its server, its worker, its stages. */

const rows = 60;
const badRow = 43;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'radiotracer-late-'));
  await writeFile(join(folder, 'settings.yaml'), 'training: { batchSize: 20 }\nmarking: { markedFraction: 0.2 }\n');
  await runCommand(folder, 'keygen', 'my.key');
  await runCommand(folder, 'server', 'start', '--store', 'store');
}, 60_000);
afterAll(async () => {
  await runCommand(folder, 'server', 'stop', '--store', 'store');
  await rm(folder, { recursive: true, force: true });
});

test.each([
  [
    'bomb',
    pngBomb(),
    `row group 0, row ${badRow} of the split: the image claims to be 60000×60000, 3,600,000,000 pixels`,
  ],
  [
    'size',
    png(9),
    `row ${badRow} (train-00000-of-00001.parquet) is 9×9, all before it are 8×8; bring the images to one size`,
  ],
])(
  '%s: ends with 3 and one line, and leaves no result and no half of a stage',
  async (name, image, problem) => {
    const images = Array.from({ length: rows }, (_, row) => (row === badRow ? image : png(8, 8, row)));
    const labels = images.map((_, row) => BigInt(row % 2));
    await parquet(join(name, 'train-00000-of-00001.parquet'), { images, labels })(folder);
    await parquet(join(name, 'test-00000-of-00001.parquet'))(folder);
    const { code, stdout, stderr } = await runCommand(
      folder,
      ...['experiment', '--corpus', name, '--key', 'my.key', '--config', 'settings.yaml', '--store', 'store'],
      ...['--out', `out-${name}`, '--id', name, '--quiet'],
    );
    expect(stderr).toMatch(/^error: corpus: .*\n$/);
    expect(stderr).toContain(problem);
    expect(code).toBe(3);
    expect(stdout).toBe('');
    expect(await readdir(join(folder, `out-${name}`))).toEqual(['config.resolved.yaml']);
    for (const key of await readdir(join(folder, 'store/artifacts/ingest')).catch(() => [])) {
      const manifest = await readFile(join(folder, 'store/artifacts/ingest', key, 'manifest.json'), 'utf8');
      expect(JSON.parse(manifest)).toMatchObject({ input: { split: 'test' } });
    }
    expect((await readdir(join(folder, 'store/artifacts'))).filter((stage) => stage !== 'ingest')).toEqual([]);
  },
  60_000,
);
