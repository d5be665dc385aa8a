import { basename } from 'node:path';
import { croissantContext } from './croissant-context.ts';

/** What Croissant metadata say of a corpus of Parquet files. */
export interface CroissantDataset {
  readonly title: string;
  readonly text: string;
  /** An identifier, such as SPDX's. */
  readonly license?: string | undefined;
  readonly classNames: readonly string[];
  readonly splits: readonly {
    readonly name: string;
    /** Of its files, and of no other. */
    readonly pattern: string;
    readonly files: readonly {
      /** Relative to the folder. */
      readonly name: string;
      readonly sizeBytes: number;
      readonly sha256: string;
    }[];
  }[];
  /** Whether the column `image` is a struct, whose field `bytes` is the image's file, or the file itself. */
  readonly isImageStruct: boolean;
}

const parquet = 'application/x-parquet';

/**
 * `croissant.json` of a corpus: Croissant 1.0, which is JSON-LD on top of schema.org's `Dataset`.
 *
 * Every file is there with its SHA-256. Each split is a set of records with image and label, read from the files that
 * its pattern names in the folder of `croissant.json`; labels refer to the classes.
 */
export function croissant({ title, text, license, classNames, splits, isImageStruct }: CroissantDataset): string {
  const dataset = {
    '@context': croissantContext,
    '@type': 'sc:Dataset',
    conformsTo: 'http://mlcommons.org/croissant/1.0',
    name: title,
    description: text,
    license,
    distribution: splits.flatMap(({ name, pattern, files }) => [
      ...files.map((file) => ({
        '@type': 'cr:FileObject',
        '@id': file.name,
        name: basename(file.name),
        contentUrl: file.name,
        contentSize: `${file.sizeBytes} B`,
        encodingFormat: parquet,
        sha256: file.sha256,
      })),
      { '@type': 'cr:FileSet', '@id': fileSetOf(name), name, encodingFormat: parquet, includes: pattern },
    ]),
    recordSet: [classesRecords(classNames), ...splits.map(({ name }) => splitRecords(name, isImageStruct))],
  };
  return `${JSON.stringify(dataset, null, 2)}\n`;
}

const fileSetOf = (split: string): string => `${split}-files`;

function classesRecords(classNames: readonly string[]): object {
  return {
    '@type': 'cr:RecordSet',
    '@id': 'classes',
    name: 'classes',
    description: 'What the labels stand for.',
    dataType: 'sc:Enumeration',
    key: { '@id': 'classes/label' },
    field: [
      { '@type': 'cr:Field', '@id': 'classes/label', name: 'label', dataType: 'sc:Integer' },
      { '@type': 'cr:Field', '@id': 'classes/name', name: 'name', dataType: ['sc:Text', 'sc:name'] },
    ],
    data: classNames.map((name, label) => ({ 'classes/label': label, 'classes/name': name })),
  };
}

function splitRecords(split: string, isImageStruct: boolean): object {
  const field = (name: string, dataType: string, more: object, transform?: object): object => ({
    '@type': 'cr:Field',
    '@id': `${split}/${name}`,
    name,
    dataType,
    source: { fileSet: { '@id': fileSetOf(split) }, extract: { column: name }, transform },
    ...more,
  });
  const image = field('image', 'sc:ImageObject', {}, isImageStruct ? { jsonPath: 'bytes' } : undefined);
  const label = field('label', 'sc:Integer', { references: { field: { '@id': 'classes/label' } } });
  return { '@type': 'cr:RecordSet', '@id': split, name: split, field: [image, label] };
}
