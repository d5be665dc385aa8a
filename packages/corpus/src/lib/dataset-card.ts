import { stringify } from 'yaml';

/** What the card of a corpus says: https://huggingface.co/docs/hub/datasets-cards */
export interface DatasetCard {
  readonly title: string;
  readonly text: string;
  /** SPDX, in lower case. */
  readonly license: string;
  readonly classNames: readonly string[];
  readonly splits: readonly { readonly name: string; readonly images: number; readonly sizeBytes: number }[];
}

/** `README.md` of a corpus in the Hugging Face layout. */
export function datasetCard({ title, text, license, classNames, splits }: DatasetCard): string {
  const frontMatter = {
    license,
    task_categories: ['image-classification'],
    pretty_name: title,
    dataset_info: {
      features: [
        { name: 'image', dtype: 'image' },
        {
          name: 'label',
          dtype: { class_label: { names: Object.fromEntries(classNames.map((n, i) => [String(i), n])) } },
        },
      ],
      splits: splits.map(({ name, images, sizeBytes }) => ({ name, num_bytes: sizeBytes, num_examples: images })),
      dataset_size: splits.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
    },
    configs: [
      { config_name: 'default', data_files: splits.map(({ name }) => ({ split: name, path: `${name}-*.parquet` })) },
    ],
  };
  return `---\n${stringify(frontMatter)}---\n\n# ${title}\n\n${text}\n`;
}
