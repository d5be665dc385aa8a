import { stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parquetSchema } from 'hyparquet';
import { sha256File } from '@radiotracer/store';
import { croissant } from './croissant.ts';
import { cardFile, datasetCard, readCard } from './dataset-card.ts';
import { makeAlike } from './make-alike.ts';
import { openParquet } from './parquet-file.ts';
import type { Corpus } from './types.ts';

const croissantFile = 'croissant.json';

/**
 * Writes into the folder of a corpus of Parquet files what tells other programs, and people, what it is: `README.md`, a
 * dataset card for the Hugging Face hub, and `croissant.json`. A card that is there stays, and gives title and licence.
 * The digest of the corpus counts neither. Corpora in other layouts get none: no reader knows their metadata.
 *
 * The same corpus gives the same bytes, whatever its folder is called.
 *
 * @param about - what else there is to know of the data set, for people; Markdown
 * @throws Error with the code EEXIST if there is a `croissant.json`
 */
export async function writeMetadata(corpus: Corpus, about: string): Promise<void> {
  if (corpus.layout !== 'parquet') return;
  const { dir, classNames } = corpus;
  const card = await readCard(dir);
  const title = card?.title ?? `Images in ${classNames.length} classes`;
  const splits = await Promise.all(Object.keys(corpus.splits).map((name) => describeSplit(corpus, name)));
  const counts = splits.map(({ name, images }) => `${name} (${images.toLocaleString('en')} images)`).join(', ');
  const text = `Images and the class of each, as Parquet files; splits: ${counts}. ${about}`;
  const columns = splits.flatMap((split) => split.columns);
  const isImageStruct = columns.some(({ name, isStruct }) => name === 'image' && isStruct);
  const hasMoreColumns = columns.some(({ name }) => name !== 'image' && name !== 'label');
  if (!card) {
    const ours = datasetCard({ title, text, classNames, splits, hasMoreColumns });
    await writeFile(join(dir, cardFile), ours, { flag: 'wx' });
  }
  const dataset = { title, text, license: card?.license, classNames, splits, isImageStruct };
  await writeFile(join(dir, croissantFile), croissant(dataset), { flag: 'wx' });
  await makeAlike(dir);
}

async function describeSplit({ dir, splits }: Corpus, name: string) {
  const { files: names, count } = splits[name] ?? { files: [], count: 0 };
  const files: { name: string; sizeBytes: number; sha256: string }[] = [];
  const columns: { name: string; isStruct: boolean }[] = [];
  let sizeBytes = 0;
  for (const file of names) {
    const { metadata } = await openParquet(dir, file);
    sizeBytes += metadata.row_groups.reduce((sum, group) => sum + Number(group.total_byte_size), 0);
    for (const { element, children } of parquetSchema(metadata).children) {
      columns.push({ name: element.name, isStruct: children.length > 0 });
    }
    const path = join(dir, file);
    files.push({ name: file, sizeBytes: (await stat(path)).size, sha256: await sha256File(path) });
  }
  const pattern = (names[0] ?? '').replace(/-\d{5}-of-/, '-*-of-');
  return { name, images: count, sizeBytes, pattern, files, columns };
}
