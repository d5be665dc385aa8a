import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { cp, mkdir, mkdtemp, rm, rmdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { sha256File } from '@radiotracer/store';
import type { StepProgress } from '@radiotracer/workflows';
import { Run, Scene, type Command } from './experiment.ts';
import { eventually, meetStep } from './meet-step.ts';
import { isAlive, signal } from './processes.ts';

/*
 * Disks that are full, not to be written to, slow, dead, failing, or gone for a while, and want of memory, under a training by the
 * built command. The disks are small memory disks, and the memory is a control group's: both take root, and the latter the
 * first version of control groups.
 */
jest.setTimeout(900_000);
let scene: Scene;
let disk: string;
let expected: string;
const canMount = mountTest();
const testOnDisk = canMount ? test : test.skip;
const group = '/sys/fs/cgroup/memory/radiotracer-faults';
const testInGroup = groupTest() ? test : test.skip;

function mountTest(): boolean {
  const probe = spawnSync('unshare', ['--mount', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt'], { encoding: 'utf8' });
  if (probe.status !== 0) console.warn(`disk faults are not tested: no disk can be mounted (${probe.stderr.trim()})`);
  return probe.status === 0;
}

function groupTest(): boolean {
  try {
    mkdirSync(group, { recursive: true });
    writeFileSync(join(group, 'memory.limit_in_bytes'), '64M');
    return true;
  } catch (error) {
    console.warn(`want of memory is not tested: no control group can be made (${(error as Error).message})`);
    return false;
  }
}

const mount = (...options: string[]): void =>
  void execFileSync('mount', ['-t', 'tmpfs', '-o', options.join(), 'tmpfs', disk]);
const remount = (...options: string[]): void =>
  void execFileSync('mount', ['-o', ['remount', ...options].join(), disk]);

beforeAll(async () => {
  scene = await Scene.make(await mkdtemp(join(tmpdir(), 'radiotracer-disk-')));
  disk = join(scene.folder, 'disk');
  await mkdir(disk);
  const run = scene.run('sound');
  await end(await run.startTraining());
  expected = await weights(run);
});
afterAll(async () => {
  await rm(scene.folder, { recursive: true });
  if (existsSync(group)) await rmdir(group);
});
afterEach(() => spawnSync('umount', ['--lazy', disk]));

const weights = (run: Run): Promise<string> => sha256File(join(run.out, 'weights.safetensors'));

async function end(command: Command): Promise<void> {
  expect([await command.ended, await command.printed()]).toEqual([0, expect.anything()]);
}

/** The one line by which a command says why it failed. */
async function errorLine(command: Command): Promise<string> {
  const lines = (await command.printed()).trim().split('\n');
  expect(lines.filter((line) => line.startsWith('error: '))).toEqual(lines.slice(-1));
  return lines.at(-1) ?? '';
}

testOnDisk.each([
  ['the shards', '700k'],
  ['the checkpoints', '2600k'],
])('a disk that has no room for %s is said in one line, and with room the run goes on', async (what, size) => {
  mount(`size=${size}`);
  const run = new Run(scene, join(scene.folder, what), join(disk, 'store'));
  const full = await run.startTraining();
  expect([await full.ended, await errorLine(full)]).toEqual([6, expect.stringMatching(/make room on (its|the) disk/)]);
  remount('size=100m');
  await end(await run.startTraining());
  expect(await weights(run)).toBe(expected);
});

testOnDisk(
  'a store that may not be written to is refused in one line, and once it may be the run goes on',
  async () => {
    mount('size=100m');
    const run = new Run(scene, join(scene.folder, 'read-only'), join(disk, 'store'));
    const interrupted = await run.startTraining();
    await meetStep(run, 'train-network', interrupted);
    interrupted.process.kill('SIGINT');
    expect(await interrupted.ended).toBe(130);

    remount('ro');
    const refused = await run.startTraining();
    expect([await refused.ended, await errorLine(refused)]).toEqual([2, expect.stringContaining('EROFS')]);
    remount('rw');
    await end(await run.startTraining());
    expect(await weights(run)).toBe(expected);
  },
);

testOnDisk('a corpus whose disk goes away is missed in one line, and once it is back the run goes on', async () => {
  mount('size=100m');
  const corpus = join(disk, 'corpus');
  await cp(scene.corpus, corpus, { recursive: true });
  const run = scene.run('corpus-gone');
  const command = await run.startTraining({ corpus });
  const child = await meetStep(run, 'ingest-train', command);
  signal(child, 'SIGSTOP'); // before it has opened a file
  spawnSync('umount', ['--lazy', disk]);
  signal(child, 'SIGCONT');
  expect([await command.ended, await errorLine(command)]).toEqual([3, expect.stringContaining(corpus)]);
  mount('size=100m');
  await cp(scene.corpus, corpus, { recursive: true });
  await end(await run.startTraining({ corpus }));
  expect(await weights(run)).toBe(expected);
});

/** Compiles `slow-reads.cpp`; makes reads below a folder wait for so many milliseconds, for ever (-1), or fail (-2). */
function slowReads(below: string): { readonly env: NodeJS.ProcessEnv; delay(ms: number): void } {
  const library = join(scene.folder, 'slow-reads.so');
  const [source, file] = [join(import.meta.dirname, 'slow-reads.cpp'), join(scene.folder, 'slow-reads')];
  execFileSync('g++', ['-O1', '-shared', '-fPIC', '-o', library, source]);
  return {
    env: { LD_PRELOAD: library, SLOW_READS: file, SLOW_READS_BELOW: below },
    delay: (ms) => writeFileSync(file, String(ms)),
  };
}

test('a corpus and a store that answer slowly cost time and nothing else', async () => {
  const { env, delay } = slowReads(scene.folder);
  delay(3);
  const run = scene.run('slow');
  await end(await run.startTraining({ env }));
  expect(await weights(run)).toBe(expected);
});

test('a corpus whose disk fails is read again, and once it reads the run goes on', async () => {
  const { env, delay } = slowReads(scene.corpus);
  delay(0);
  const run = scene.run('failing');
  const command = await run.startTraining({ env });
  await meetStep(run, 'ingest-train', command);
  delay(-2);
  await eventually(async () => /attempt [2-9] after "EIO: i\/o error, read/.test(await command.printed()));
  delay(0);
  await end(command);
  expect(await weights(run)).toBe(expected);
});

test.each([
  ['the corpus', 'ingest-train'],
  ['the store', 'train-network'],
])('where %s does not answer any more that is said, a pause ends the wait, and the run goes on', async (what, step) => {
  const run = scene.run(`dead ${step}`);
  const { env, delay } = slowReads(what === 'the corpus' ? scene.corpus : join(run.store, 'artifacts'));
  delay(0);
  const command = await run.startTraining({ env });
  const child = await meetStep(run, step, command);
  delay(-1);
  const [, id = ''] = /^starting (train-\w+)/m.exec(await command.printed()) ?? [];
  const control = (...words: string[]): Promise<Command> => run.command([...words, id, '--store', run.store]);
  const silentSeconds = async (): Promise<number> => {
    const status = await control('--json', 'status');
    await end(status);
    const { stages } = JSON.parse(await status.printed()) as { stages: StepProgress[] };
    return stages.find(({ name }) => name === step)?.secondsSinceProgress ?? 0;
  };
  await eventually(async () => (await silentSeconds()) > 3);
  expect(isAlive(child)).toBe(true);

  await end(await control('pause'));
  const paused = performance.now();
  await eventually(() => !isAlive(child));
  expect(performance.now() - paused).toBeLessThan(5_000);
  delay(0);
  await end(await control('resume', '--detach'));
  await end(command);
  expect(await weights(run)).toBe(expected);
});

/** Puts a compute child where there is too little memory for TensorFlow. */
const starve = (child: number): Promise<void> => writeFile(join(group, 'cgroup.procs'), String(child));

testInGroup('a child that the kernel kills for want of memory is tried once more, to the same result', async () => {
  const run = scene.run('starved-once');
  const command = await run.startTraining();
  const child = await meetStep(run, 'train-network', command);
  await starve(child);
  await eventually(() => !isAlive(child));
  await end(command);
  expect(await weights(run)).toBe(expected);
});

testInGroup('where memory runs out twice the command says so in one line', async () => {
  const run = scene.run('starved-twice');
  const command = await run.startTraining();
  for (let i = 0; i < 2; i++) {
    const child = await meetStep(run, 'train-network', command);
    await starve(child);
    await eventually(() => !isAlive(child));
  }
  expect([await command.ended, await errorLine(command)]).toEqual([6, expect.stringContaining('memory ran out')]);
});
