import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, copyFile, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { writeSealed } from '@radiotracer/store';
import { main, runCommand, type Ended } from '../../test/run-command.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'radiotracer-cli-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const radiotracer = (...args: string[]): Promise<Ended> => runCommand(folder, ...args);

test('--help names every command and documents the exit codes', async () => {
  const { code, stdout } = await radiotracer('--help');
  expect(code).toBe(0);
  for (const command of ['demo', 'experiment', 'keygen', 'mark', 'train', 'detect', 'status', 'pause', 'report']) {
    expect(stdout).toMatch(new RegExp(`^  ${command}\\b`, 'm'));
  }
  expect(stdout).toContain('130  interrupted');
});

test.each([
  [['expriment'], "unknown command 'expriment' (Did you mean experiment?)"],
  [['keygen', '--jsn'], "unknown option '--jsn' (Did you mean --json?)"],
  [['experiment'], "required option '--corpus <folder>' not specified"],
  [['worker'], "required option '--address <host:port>' not specified"],
  [['experiment', '--corpus', '.', '--fraction', '2'], '--fraction: marking.markedFraction: found 2, expected'],
  [['experiment', '--corpus', '.', '--set', 'epochs'], '--set: found "epochs", expected <field>=<value>'],
  [['experiment', '--corpus', '.', '--config', 'none.yaml'], 'config file none.yaml cannot be read: ENOENT'],
  [['status', 'experiment-0'], 'no run "experiment-0" in the store'],
  [['train', '--corpus', '.', '--fraction', '0.1'], "unknown option '--fraction'"],
  [['mark', '--corpus', '.', '--store', '../elsewhere'], '--out: runs lies in the corpus .'],
])('wrong usage ends with 2: %j', async (args, message) => {
  const { code, stdout, stderr } = await radiotracer(...args);
  expect(stderr).toContain(`error: ${message}`);
  expect(stderr).not.toContain('    at '); // no stack trace
  expect(stdout).toBe('');
  expect(code).toBe(2);
});

test('a wrong config file ends with 2, and names file and field', async () => {
  await writeFile(join(folder, 'wrong.yaml'), 'training:\n  epoch: 3\nmarking: { versions: 1 }\n');
  const { code, stderr } = await radiotracer('experiment', '--corpus', '.', '--config', 'wrong.yaml');
  expect(stderr).toContain('wrong.yaml: unknown field "training.epoch"; did you mean "epochs"?');
  expect(stderr).toContain('wrong.yaml: marking.versions: found 1, expected a whole number in 2..1000');
  expect(code).toBe(2);
});

test('a folder without a corpus ends with 3, and says what would be valid', async () => {
  await mkdir(join(folder, 'empty'));
  for (const [corpus, problem] of [
    ['missing', 'does not exist'],
    ['empty', 'holds no corpus'],
  ] as const) {
    const { code, stderr } = await radiotracer('experiment', '--corpus', corpus);
    expect(stderr).toContain(problem);
    expect(code).toBe(3);
  }
});

test('keygen: a private file, its id on stdout, never its content; a second time is refused with 3', async () => {
  const made = await radiotracer('keygen', 'safe/my.key', '--json'); // a folder that is not there yet
  expect(made.code).toBe(0);
  const path = join(folder, 'safe/my.key');
  const { keyId } = JSON.parse(made.stdout) as { keyId: string };
  const secret = /^key ([0-9a-f]{64})$/m.exec(await readFile(path, 'utf8'))?.[1];
  expect(secret).toBeDefined();
  expect(made.stdout + made.stderr).not.toContain(secret);
  expect(keyId).toMatch(/^[0-9a-f]{64}$/);
  expect((await stat(path)).mode & 0o777).toBe(0o600);

  const again = await radiotracer('keygen', 'safe/my.key');
  expect(again.code).toBe(3);
  expect(again.stderr).toContain('a key is never overwritten');
});

test('a key that others may read ends with 3', async () => {
  await radiotracer('keygen', 'my.key');
  await chmod(join(folder, 'my.key'), 0o644);
  const { code, stderr } = await radiotracer('verify', '.', '--key', 'my.key');
  expect(stderr).toContain('mode 0644');
  expect(code).toBe(3);
});

test('verify without a publication ends with 3', async () => {
  await radiotracer('keygen', 'my.key');
  const { code, stderr } = await radiotracer('verify', '.', '--key', 'my.key');
  expect(stderr).toContain(
    '. is not what a run left: it holds no result.json; name the folder that a finished run left',
  );
  expect(code).toBe(3);
});

test('an address where nothing answers ends with 5', async () => {
  await mkdir(join(folder, 'runs/store/runs'), { recursive: true });
  const record = { id: 'lost', workflow: 'train', out: join(folder, 'out') };
  await writeSealed(join(folder, 'runs/store/runs/lost.sealed'), JSON.stringify(record));
  const nowhere = await radiotracer('status', 'lost', '--address', '127.0.0.1:1');
  expect(nowhere.stderr).toContain('no Temporal server answers at 127.0.0.1:1');
  expect(nowhere.code).toBe(5);

  const none = await radiotracer('pause', 'lost');
  expect(none.stderr).toContain('start it with "radiotracer server start"'); // of the default store
  expect(none.code).toBe(5);
}, 60_000);

test('what could be detected is told without a server, for people and for machines', async () => {
  const size = ['--images', '50000', '--classes', '10', '--set', 'architecture.width=32'];
  const { code, stdout, stderr } = await radiotracer('power', ...size);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatch(/^500 of 50,000 images marked, 10 versions each, 500 secret draws/);
  const power = JSON.parse((await radiotracer('power', ...size, '--fraction', '0.002', '--json')).stdout);
  expect(power).toMatchObject({ plan: { marked: 100, draws: 100 }, leastLog10P: -100, whiteBox: { dimension: 256 } });
});

test('a finished run tells its state and its report without a server', async () => {
  const [out, runs] = [join(folder, 'out'), join(folder, 'runs/store/runs')];
  await Promise.all([out, runs].map((path) => mkdir(path, { recursive: true })));
  await writeFile(join(out, 'result.json'), '{}');
  await writeSealed(join(runs, 'mine.sealed'), JSON.stringify({ id: 'mine', workflow: 'experiment', out }));

  const status = await radiotracer('status', 'mine', '--json');
  expect(JSON.parse(status.stdout)).toEqual({ id: 'mine', state: 'completed', out });
  const report = await radiotracer('report', 'mine');
  expect(report).toEqual({ code: 0, stdout: `${join(out, 'report.html')}\n`, stderr: '' });
});

test('the local server is started once by two at a time, answers, and is gone when stopped', async () => {
  const store = join(folder, 'store');
  const starts = [1, 2].map(() => radiotracer('server', 'start', '--store', store, '--json'));
  const [started, again] = await Promise.all(starts);
  expect(started).toMatchObject({ code: 0, stderr: '' });
  const server = JSON.parse(started?.stdout ?? '') as { pid: number; address: string; uiAddress: string };
  try {
    expect((await fetch(server.uiAddress)).ok).toBe(true);
    expect(JSON.parse(again?.stdout ?? '')).toEqual(server);
  } finally {
    const stopped = await radiotracer('server', 'stop', '--store', store);
    expect(stopped.stdout).toBe(`stopped ${server.address}\n`);
  }
  const stat = await readFile(`/proc/${server.pid}/stat`, 'utf8').catch(() => ') gone');
  expect(stat.slice(stat.lastIndexOf(')') + 2)).toMatch(/^gone|^Z/); // ended, and perhaps not yet asked how
  await expect(fetch(server.uiAddress)).rejects.toThrow();
}, 120_000);

test('the local server ends with 5 when Temporal dies, and says so', async () => {
  const store = join(folder, 'store');
  const child = spawn(process.execPath, [main, 'server', 'run', '--store', store], { cwd: folder });
  const printed = text(child.stderr);
  const ended = once(child, 'exit');
  await once(child.stdout, 'data'); // it is up
  const children = await readFile(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8');
  for (const pid of children.trim().split(' ')) {
    const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    if (command.includes('start-dev')) process.kill(Number(pid), 'SIGKILL');
  }
  expect(await ended).toEqual([5, null]);
  expect(await printed).toMatch(/error: the Temporal server at \S+ ended with SIGKILL/);
  expect(await readdir(join(store, 'temporal'))).not.toContain('server.json');
}, 120_000);

test('before the build the command says what is missing', async () => {
  await mkdir(join(folder, 'bin'));
  await copyFile(fileURLToPath(new URL('../../bin/radiotracer.js', import.meta.url)), join(folder, 'bin/run.mjs'));
  const child = spawn(process.execPath, [join(folder, 'bin/run.mjs')]);
  const [stderr, [code]] = await Promise.all([text(child.stderr), once(child, 'exit')]);
  expect(stderr).toBe('error: not built yet: npm run build\n');
  expect(code).toBe(6);
});

test('--debug shows the stack trace', async () => {
  const { stderr } = await radiotracer('status', 'lost', '--debug');
  expect(stderr).toMatch(/UsageError.*\n\s+at /);
});

test('doctor --require-gpu ends with 6 exactly where something is missing, and says what to do', async () => {
  const { code, stdout, stderr } = await radiotracer('doctor', '--require-gpu', '--json');
  const { checks } = JSON.parse(stdout) as { checks: { name: string; ok: boolean; advice?: string }[] };
  const missing = checks.filter(({ ok }) => !ok);
  expect(code).toBe(missing.length === 0 ? 0 : 6);
  for (const { name, advice } of missing) {
    expect(stderr).toContain(name);
    expect(advice).toBeTruthy();
  }
}, 60_000);
