import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const app = fileURLToPath(new URL('../..', import.meta.url));

/**
 * Builds the command from the sources as they are now, in a folder of its own below `node_modules`, where it finds what
 * it imports. So built it starts in half the time that the sources take, which are transformed and found file by file.
 */
export async function buildCommand(): Promise<{ readonly folder: string; readonly main: string }> {
  const folder = await mkdtemp(join(app, 'node_modules', '.bad-input-'));
  await build({
    absWorkingDir: app,
    entryPoints: ['src/main.ts'],
    outdir: folder,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    conditions: ['@radiotracer/source'],
    plugins: [
      {
        name: 'packages of others stay where they are',
        setup: ({ onResolve }) =>
          onResolve({ filter: /^[^./]/ }, ({ kind, path }) =>
            kind === 'entry-point' || path.startsWith('@radiotracer/') ? undefined : { external: true },
          ),
      },
    ],
  });
  return { folder, main: join(folder, 'main.js') };
}
