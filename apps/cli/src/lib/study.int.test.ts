import { chmod, cp, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { generateKey } from '@radiotracer/carriers';
import { begun } from '../../test/begun.ts';
import { runCommand } from '../../test/run-command.ts';
import { needlesOf, searchFiles } from '../../test/secret/search.ts';
import { studyCommand } from './commands/study.ts';

jest.setTimeout(900_000);
let folder: string;
let store: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'radiotracer-study-'));
  store = join(folder, 'store');
  await cp(fileURLToPath(new URL('../../../../studies/tiny.yaml', import.meta.url)), join(folder, 'tiny.yaml'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test('a study whose server is killed goes on, computes what is shared once, and leaves table and page', async () => {
  const study = ['study', 'tiny.yaml', '--store', 'store', '--out', 'out', '--id', 'tiny'];
  try {
    expect(await runCommand(folder, ...study, '--detach')).toMatchObject({ code: 0 });
    while (Object.keys(await begun(store, 'publish')).length < 2) await setTimeout(100); // the second experiment is under way
    const { pid } = JSON.parse(await readFile(join(store, 'temporal', 'server.json'), 'utf8')) as { pid: number };
    process.kill(pid, 'SIGKILL'); // its server and its compute process end with it
    const stages = ['ingest', 'trainNetwork', 'markImages', 'publish', 'writeReport'];
    const before = await Promise.all(stages.map((stage) => begun(store, stage)));

    const resumed = await runCommand(folder, 'resume', 'tiny', '--store', 'store');
    expect(resumed).toMatchObject({ code: 0, stdout: expect.stringContaining('4 experiments\nmarkedFraction 0.4') });
    expect(resumed.stderr).not.toContain('paused'); // its own experiments are no runs that came in its way
    const after = await Promise.all(stages.map((stage) => begun(store, stage)));
    expect(after).toMatchObject(before);
    // Two splits and four published corpora; one marking network, four suspects, a control for each run.
    expect(after.map((made) => Object.keys(made).length)).toEqual([6, 7, 4, 4, 4]);
  } finally {
    await runCommand(folder, 'server', 'stop', '--store', 'store');
  }

  const [head = '', ...rows] = (await readFile(join(folder, 'out/study.csv'), 'utf8')).trim().split('\n');
  expect(head).toMatch(/^marking\.markedFraction,run,model,role,failure,detected,log10P,test,/);
  expect(rows.map((row) => row.split(',').slice(0, 5).join(' '))).toEqual(
    ['0.4 1', '0.4 2', '0.2 1', '0.2 2'].flatMap((experiment) => [
      `${experiment} suspect suspect `,
      `${experiment} control control `,
    ]),
  );
  const page = join(folder, 'out/study.html');
  expect(await readFile(page, 'utf8')).toContain('<h1>A tiny study</h1>');
  expect((await runCommand(folder, 'report', 'tiny', '--store', 'store')).stdout).toBe(`${page}\n`);

  expect((await readdir(join(folder, 'tiny.keys'))).sort()).toEqual(['run-1.key', 'run-2.key']);
  for (const run of [1, 2]) {
    const path = join(folder, 'tiny.keys', `run-${run}.key`);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    const secret = /^key ([0-9a-f]{64})$/m.exec(await readFile(path, 'utf8'))?.[1] ?? '';
    expect(await searchFiles(folder, needlesOf(Buffer.from(secret, 'hex')), path)).toEqual([]);
  }
});

const refused = (file: string): Promise<void> =>
  studyCommand(join(folder, file), { store, out: join(folder, 'out'), namespace: 'default', quiet: true });

test.each([
  ['title: x\nrun: 3', 'my.yaml: unknown field "run"; did you mean "runs"?'],
  ['title: x\ngrid: { marking.radius: 4 }', 'my.yaml: grid.marking.radius: found 4, expected lists of values'],
  ['title: x\nruns: 0', 'my.yaml: runs: found 0, expected a whole number in 1..1000'],
  ['title: x', 'my.yaml: corpus: found nothing, expected it or "generate"; or name a folder with --corpus'],
  ['title: x\ngenerate: { classes: 1 }', 'my.yaml: generate.classes: found 1, expected a whole number ≥ 2'],
  ['title: x\ncorpus: none', 'none'],
  ['- 3', 'my.yaml: the whole: found [3]'],
])('a wrong study is refused before anything is made: %j', async (text, message) => {
  await writeFile(join(folder, 'my.yaml'), text);
  await expect(refused('my.yaml')).rejects.toThrow(message);
  expect((await readdir(folder)).sort()).toEqual(['my.yaml', 'tiny.yaml']);
});

test('a cell that could detect nothing is named', async () => {
  const text = await readFile(join(folder, 'tiny.yaml'), 'utf8');
  await writeFile(join(folder, 'weak.yaml'), text.replace('[0.4, 0.2]', '[0.4, 0.05]'));
  await expect(refused('weak.yaml')).rejects.toThrow(/weak\.yaml: markedFraction 0\.05: nothing could be detected/);
  expect((await readdir(folder)).sort()).toEqual(['tiny.yaml', 'weak.yaml']);
});

test('a key that others may read is refused, and none is made beside it', async () => {
  await mkdir(join(folder, 'tiny.keys'));
  await generateKey(join(folder, 'tiny.keys/run-1.key'));
  await chmod(join(folder, 'tiny.keys/run-1.key'), 0o644);
  await expect(refused('tiny.yaml')).rejects.toThrow('run-1.key');
  expect(await readdir(join(folder, 'tiny.keys'))).toEqual(['run-1.key']);
});
