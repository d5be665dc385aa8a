/**
 * Loaded into a compute child before its own code (`NODE_OPTIONS=--import …`): writes every progress that the child
 * tells its parent also into the file that `RADIOTRACER_TRACE` names, a line of JSON each. It changes nothing that the
 * child does. Other processes of the program it leaves alone.
 */
import { appendFileSync, readlinkSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';

const trace = process.env.RADIOTRACER_TRACE;
if (trace && isMainThread && process.send && /\/child\.(js|ts)$/.test(process.argv[1] ?? '')) {
  const log = readlinkSync('/proc/self/fd/1'); // named after the run and its step
  const send = process.send.bind(process);
  process.send = (message, ...rest) => {
    const { type, progress } = message;
    if (type === 'progress') {
      const { done, total, unit } = progress;
      appendFileSync(trace, `${JSON.stringify({ pid: process.pid, log, done, total, unit })}\n`);
    }
    return send(message, ...rest);
  };
}
