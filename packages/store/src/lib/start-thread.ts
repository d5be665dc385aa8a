import { Worker, type WorkerOptions } from 'node:worker_threads';

/**
 * Starts a thread from a module: a compiled one, or TypeScript where the program runs from its sources. A thread does not
 * take over what makes the main one read that.
 *
 * @param url - of the module
 */
export function startThread(url: string, options: WorkerOptions = {}): Worker {
  if (!url.endsWith('.ts')) return new Worker(new URL(url), options);
  const [tsx, module] = [import.meta.resolve('tsx/esm/api'), url].map((each) => JSON.stringify(each));
  const load = `import(${tsx}).then(({ register }) => (register(), import(${module})));`;
  return new Worker(load, { ...options, eval: true, execArgv: ['--conditions=@radiotracer/source'] });
}
