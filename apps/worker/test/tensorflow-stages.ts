/** A stage in the place of a real one that loads TensorFlow, as those that train do, and computes nothing. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Stage } from '@radiotracer/store';
import { stageVersions } from '@radiotracer/workflows';

const train: Stage<unknown, object> = {
  name: 'trainNetwork',
  version: stageVersions.trainNetwork,
  async run(_input, { outputDir }) {
    await writeFile(join(outputDir, 'weights'), '');
    return {};
  },
};

export const stages = {
  trainNetwork: async (): Promise<typeof train> => {
    await import('@radiotracer/nets');
    return train;
  },
};
