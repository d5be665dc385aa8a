import { makeKey } from '../open-key.ts';
import { printResult, type GlobalOptions } from '../print-result.ts';

/** Makes a secret key in a new file. */
export async function keygenCommand(path: string, options: GlobalOptions): Promise<void> {
  const key = await makeKey(path);
  const text = `${key.path}\nid ${key.keyId}\nKeep it safe and secret: without it nothing can be detected.`;
  printResult(options, { path: key.path, keyId: key.keyId }, text);
}
