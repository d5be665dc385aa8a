import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { croissant } from './croissant.ts';
import { cardFile, datasetCard, readCard } from './dataset-card.ts';
import { describeImageFolder, describeParquet } from './describe-splits.ts';
import { makeAlike } from './make-alike.ts';
import type { Corpus } from './types.ts';

const croissantFile = 'croissant.json';

/**
 * Writes into the folder of a corpus of Parquet files or class folders what tells other programs, and people, what it is:
 * `README.md`, a dataset card for the Hugging Face hub, and `croissant.json`. A card that is there stays, and gives title
 * and licence. The digest of the corpus counts neither. CIFAR's own layouts get none: no reader of metadata knows them.
 *
 * The same corpus gives the same bytes, whatever its folder is called.
 *
 * @param about - what else there is to know of the data set, for people; Markdown
 * @throws Error with the code EEXIST if there is a `croissant.json`
 */
export async function writeMetadata(corpus: Corpus, about: string): Promise<void> {
  const { dir, layout, classNames } = corpus;
  if (layout !== 'parquet' && layout !== 'image-folder') return;
  const { splits, imagesIn, hasMoreColumns } = await (layout === 'parquet' ? describeParquet : describeImageFolder)(
    corpus,
  );
  const card = await readCard(dir);
  const title = card?.title ?? `Images in ${classNames.length} classes`;
  const counts = splits.map(({ name, images }) => `${name} (${images.toLocaleString('en')} images)`).join(', ');
  const files = layout === 'parquet' ? 'and the class of each, as Parquet files' : 'in a folder for each class';
  const text = `Images ${files}; splits: ${counts}. ${about}`;
  if (!card) {
    const isInClassFolders = imagesIn === 'class-folders';
    const ours = datasetCard({ title, text, classNames, splits, isInClassFolders, hasMoreColumns });
    await writeFile(join(dir, cardFile), ours, { flag: 'wx' });
  }
  const dataset = { title, text, license: card?.license, classNames, splits, imagesIn };
  await writeFile(join(dir, croissantFile), croissant(dataset), { flag: 'wx' });
  await makeAlike(dir);
}
