import { describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import { isRunning, thisProcess } from './process-identity.ts';

describe('isRunning', () => {
  it('is true of this process', async () => {
    expect(await isRunning(await thisProcess())).toBe(true);
  });

  it('is false of a process that ended, and of an earlier one with the same id', async () => {
    const identity = await thisProcess();
    const child = spawn('true');
    await once(child, 'exit');
    expect(await isRunning({ ...identity, pid: child.pid ?? 0 })).toBe(false);
    expect(await isRunning({ ...identity, start: `${Number(identity.start) - 1}` })).toBe(false);
  });

  it('does not know of a process of another machine', async () => {
    expect(await isRunning({ ...(await thisProcess()), host: 'elsewhere' })).toBeUndefined();
  });

  it('is false of a zombie, which signals still reach', async () => {
    // The child ends once its parent is no longer the shell, but a sleep, which never asks how it ended.
    const child = 'until grep -q sleep /proc/$PPID/comm; do :; done';
    const script = `sh -c '${child}' & echo $!; exec sleep 60`;
    const parent = spawn('sh', ['-c', script], { stdio: ['ignore', 'pipe', 'ignore'] });
    try {
      const [line] = (await once(parent.stdout, 'data')) as [Buffer];
      const pid = Number(line.toString());
      let stat = '';
      while (!stat.includes(') Z ')) {
        stat = await readFile(`/proc/${pid}/stat`, 'utf8');
        await setTimeout(10);
      }
      expect(process.kill(pid, 0)).toBe(true);
      const start = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
      expect(await isRunning({ ...(await thisProcess()), pid, start })).toBe(false);
    } finally {
      parent.kill('SIGKILL');
    }
  });
});
