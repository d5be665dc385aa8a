import { resolve } from 'node:path';
import type { ServerOptions } from './connect.ts';

/** Where a command looks unless told otherwise. */
export const defaults = { store: 'runs/store', key: 'radiotracer.key', demo: 'radiotracer-demo', namespace: 'default' };

/**
 * A command to give next, whole, to be copied: with the flags that make it find the same store and server.
 *
 * @param words - such as `status` and a run's id
 */
export function commandLine(words: readonly string[], { store, address, namespace }: Partial<ServerOptions>): string {
  const flags: string[] = [];
  if (store !== undefined && resolve(store) !== resolve(defaults.store)) flags.push('--store', store);
  if (address !== undefined && address !== process.env['TEMPORAL_ADDRESS']) flags.push('--address', address);
  if (address !== undefined && namespace !== (process.env['TEMPORAL_NAMESPACE'] ?? defaults.namespace)) {
    flags.push('--namespace', namespace ?? defaults.namespace);
  }
  return ['radiotracer', ...words, ...flags].map(quoted).join(' ');
}

function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
