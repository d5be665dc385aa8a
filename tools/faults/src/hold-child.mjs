/**
 * Loaded into a compute child before its own code (`NODE_OPTIONS=--import …`): stops it (SIGSTOP) in the midst of the
 * step that the file `RADIOTRACER_HOLD` names, so that stages of milliseconds can be met as well as those of minutes.
 * The file says `<step> progress`, to stop at the first progress that is told, or `<step> lock`, for stages that tell
 * none: once the stage's lock is held.
 */
import { existsSync, readFileSync, readlinkSync } from 'node:fs';
import fs from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { isMainThread } from 'node:worker_threads';

const hold = process.env.RADIOTRACER_HOLD;
if (hold && isMainThread && process.send && /\/child\.(js|ts)$/.test(process.argv[1] ?? '')) {
  const log = readlinkSync('/proc/self/fd/1'); // named after the run and its step
  let isDone = false; // once it was let go on, it is to come to its end
  const stopAt = (moment) => {
    if (isDone) return;
    const [step, at] = existsSync(hold) ? readFileSync(hold, 'utf8').split(' ') : [];
    if (at !== moment || !log.endsWith(`-${step}.log`)) return;
    isDone = true;
    process.kill(process.pid, 'SIGSTOP');
  };

  const send = process.send.bind(process);
  process.send = (message, ...rest) => {
    const isSent = send(message, ...rest);
    if (message.type === 'progress') stopAt('progress');
    return isSent;
  };
  const { open } = fs;
  fs.open = async (path, ...rest) => {
    const file = await open(path, ...rest);
    if (/\/lock-\d+$/.test(path)) stopAt('lock');
    return file;
  };
  syncBuiltinESMExports();
}
