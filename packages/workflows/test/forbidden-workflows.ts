import { readFile } from 'fs/promises';

/** What a workflow must not do: read a file. */
export async function forbidden(): Promise<string> {
  return readFile('/etc/hostname', 'utf8');
}
