import { resolve } from 'node:path';
import { generateKey } from '@radiotracer/carriers';
import { printResult, type GlobalOptions } from '../print-result.ts';

/** Makes a secret key in a new file. */
export async function keygenCommand(path: string, options: GlobalOptions): Promise<void> {
  const { keyId } = await generateKey(resolve(path));
  const text = `${resolve(path)}\nid ${keyId}\nKeep it safe and secret: without it nothing can be detected.`;
  printResult(options, { path: resolve(path), keyId }, text);
}
