import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openStore, runStage, type Stage } from '@radiotracer/store';
import { startS3Server } from '@radiotracer/testing';
import type { Rates } from './rates.ts';

const files: Stage<{ readonly count: number; readonly bytes: number }, object> = {
  name: 'files',
  version: 1,
  async run({ count, bytes }, { outputDir }) {
    for (let i = 0; i < count; i++) await writeFile(join(outputDir, `file-${i}`), Buffer.alloc(bytes, i));
    return {};
  },
};

/** How long a store in a bucket takes for a file and for a byte, with an S3 server on this machine. */
export async function transferRates(folder: string): Promise<Rates['transfer']> {
  const server = await startS3Server();
  try {
    await mkdir(folder, { recursive: true });
    await server.makeBucket('runs');
    const small = await transfer(folder, { count: 512, bytes: 1_000 });
    const large = await transfer(folder, { count: 4, bytes: 64_000_000 });
    return {
      sendSecondsPerFile: small.sendSeconds / 512,
      fetchSecondsPerFile: small.fetchSeconds / 512,
      sendBytesPerSecond: 256e6 / large.sendSeconds,
      fetchBytesPerSecond: 256e6 / large.fetchSeconds,
    };
  } finally {
    await server.stop();
  }
}

/** Seconds of making an artefact and sending it, and of fetching it on another machine; hashing included in both. */
async function transfer(
  folder: string,
  input: { readonly count: number; readonly bytes: number },
): Promise<{ readonly sendSeconds: number; readonly fetchSeconds: number }> {
  const open = (machine: string) => openStore('s3://runs', { cache: join(folder, machine) });
  const store = await open('one');
  const start = performance.now();
  const artifact = await runStage(files, input, { store });
  const sent = performance.now();
  await (await open('other')).verify(artifact);
  return { sendSeconds: (sent - start) / 1000, fetchSeconds: (performance.now() - sent) / 1000 };
}
