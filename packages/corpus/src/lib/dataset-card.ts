import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseDocument, stringify } from 'yaml';

export const cardFile = 'README.md';

/** What the card of a corpus says: https://huggingface.co/docs/hub/datasets-cards */
export interface DatasetCard {
  readonly title: string;
  readonly text: string;
  /** SPDX, in lower case. */
  readonly license?: string;
  readonly classNames: readonly string[];
  readonly splits: readonly {
    readonly name: string;
    readonly images: number;
    /** Before compression. */
    readonly sizeBytes: number;
    /** Of its files, and of no other. */
    readonly patterns: readonly string[];
  }[];
  /** Whether a label is the name of the folder that an image lies in. */
  readonly isInClassFolders?: boolean;
  /** Whether there are columns besides `image` and `label`; readers then take all of them as the files have them. */
  readonly hasMoreColumns?: boolean;
}

/** `README.md` of a corpus. */
export function datasetCard(card: DatasetCard): string {
  const { title, text, license, classNames, splits, isInClassFolders = false, hasMoreColumns = false } = card;
  const frontMatter = {
    license,
    task_categories: ['image-classification'],
    pretty_name: title,
    dataset_info: {
      features: hasMoreColumns ? undefined : features(classNames),
      splits: splits.map(({ name, images, sizeBytes }) => ({ name, num_bytes: sizeBytes, num_examples: images })),
      dataset_size: splits.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
    },
    configs: [
      {
        config_name: 'default',
        data_files: splits.map(({ name, patterns }) => ({
          split: name,
          path: patterns.length > 1 ? [...patterns] : patterns[0],
        })),
        // Labels of a single class would be dropped otherwise.
        drop_labels: isInClassFolders ? false : undefined,
      },
    ],
  };
  return `---\n${stringify(frontMatter)}---\n\n# ${title}\n\n${text}\n`;
}

function features(classNames: readonly string[]): object[] {
  const names = Object.fromEntries(classNames.map((name, label) => [String(label), name]));
  return [
    { name: 'image', dtype: 'image' },
    { name: 'label', dtype: { class_label: { names } } },
  ];
}

/** Title and licence by the front matter of a folder's card, so far as there is one that can be read. */
export async function readCard(dir: string): Promise<Partial<Pick<DatasetCard, 'title' | 'license'>> | undefined> {
  const text = await readFile(join(dir, cardFile), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const [, frontMatter] = /^---\r?\n(.*?)^---\s*$/ms.exec(text) ?? [];
  const { contents, errors } = parseDocument(frontMatter ?? '');
  const values: unknown = errors.length > 0 ? undefined : contents?.toJSON();
  const { pretty_name: title, license } = (values ?? {}) as Record<string, unknown>;
  return { ...(typeof title === 'string' && { title }), ...(typeof license === 'string' && { license }) };
}
