import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cacheFolder } from '@radiotracer/setup/locations';

const repository = fileURLToPath(new URL('../../', import.meta.url));

/** The corpora, as the tests find them: `RADIOTRACER_DATA`, else `../shared/data`. */
export const dataFolder = process.env['RADIOTRACER_DATA'] || join(repository, '../shared/data');

/** What rows prepare once and find again. */
export const preparedFolder = join(cacheFolder(), 'bench');

export const docs = {
  results: join(repository, 'docs/results/speed.json'),
  page: join(repository, 'docs/performance.md'),
  /** Of the experiment whose length the overhead is compared with. */
  cifar10: join(repository, 'docs/results/cifar10/summary.json'),
};
