import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { ImageShards } from '@radiotracer/corpus';
import type { Stage } from '@radiotracer/store';
import { KeptPredictions, openNetwork } from '@radiotracer/trainer';

import { chooseRows } from './choose-rows.ts';
import { openKey } from './open-key.ts';
import type { ChooseImagesInput, ChosenFacts } from './types.ts';

const FILE = 'rows.json';

/**
 * Chooses the images to mark. Leaves their rows, ascending. A stage of its own, so that all parts are marked after one
 * choice: the losses that choose may differ in their last bit from machine to machine.
 */
export const chooseImages: Stage<ChooseImagesInput, ChosenFacts> = {
  name: 'chooseImages',
  version: 1,
  async run(input, { outputDir, open, locations, ...context }) {
    const key = await openKey(input.keyId, { locations });
    const shards = await ImageShards.open(await open(input.corpus));
    const network = openNetwork(await open(input.markingNetwork));
    try {
      const rows = await chooseRows(key, shards.labels, input.marking, () =>
        new KeptPredictions(context, shards.count).losses('marking-network', network, shards),
      );
      await writeFile(join(outputDir, FILE), JSON.stringify(rows));
      return { marked: rows.length };
    } finally {
      network.dispose();
      shards.close();
    }
  },
};

/** The rows in the folder of an artefact of `chooseImages`. */
export async function readChosen(folder: string): Promise<number[]> {
  return JSON.parse(await readFile(join(folder, FILE), 'utf8')) as number[];
}
