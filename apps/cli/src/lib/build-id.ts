import { fileURLToPath } from 'node:url';
import { sha256, sha256File } from '@radiotracer/store';
import manifest from '../../package.json' with { type: 'json' };

/**
 * Names the program that a server started now would run: a hash of the built files that its packages begin with. They
 * hold the code, or the names of chunks, which are hashes of the code.
 */
export async function buildId(): Promise<string> {
  const names = Object.keys(manifest.dependencies).filter((name) => name.startsWith('@radiotracer/'));
  const entries = [
    ...names.filter((name) => name !== '@radiotracer/setup'), // has no entry of its own, and runs before any build
    '@radiotracer/worker/child',
    '@radiotracer/worker/stages',
    '@radiotracer/workflows/all-workflows',
  ].map((name) => fileURLToPath(import.meta.resolve(name)));
  return sha256((await Promise.all(entries.map(sha256File))).join()).slice(0, 16);
}
