import { basename } from 'node:path';
import { croissantContext } from './croissant-context.ts';

/** What Croissant metadata say of a corpus. */
export interface CroissantDataset {
  readonly title: string;
  readonly text: string;
  /** An identifier, such as SPDX's. */
  readonly license?: string | undefined;
  readonly classNames: readonly string[];
  readonly splits: readonly {
    readonly name: string;
    /** Of its files, and of no other. */
    readonly patterns: readonly string[];
    /** Of its files; the media types. */
    readonly formats: readonly string[];
    /** Those of which there are few. */
    readonly files: readonly {
      /** Relative to the folder. */
      readonly name: string;
      readonly sizeBytes: number;
      readonly sha256: string;
    }[];
  }[];
  readonly imagesIn: ImagesIn;
}

/** Where an image lies: in a file of its own in the folder of its class, or in a column, as its file or in a struct of it. */
export type ImagesIn = 'class-folders' | 'column' | 'struct';

/**
 * `croissant.json` of a corpus: Croissant 1.0, which is JSON-LD on top of schema.org's `Dataset`.
 *
 * Each split is a set of records with image and label, read from the files that its patterns name in the folder of
 * `croissant.json`; labels refer to the classes, by number from a column and by name from class folders.
 */
export function croissant({ title, text, license, classNames, splits, imagesIn }: CroissantDataset): string {
  const dataset = {
    '@context': croissantContext,
    '@type': 'sc:Dataset',
    conformsTo: 'http://mlcommons.org/croissant/1.0',
    name: title,
    description: text,
    license,
    distribution: splits.flatMap(({ name, patterns, formats, files }) => [
      ...files.map((file) => ({
        '@type': 'cr:FileObject',
        '@id': file.name,
        name: basename(file.name),
        contentUrl: file.name,
        contentSize: `${file.sizeBytes} B`,
        encodingFormat: formats[0],
        sha256: file.sha256,
      })),
      {
        '@type': 'cr:FileSet',
        '@id': fileSetOf(name),
        name,
        encodingFormat: oneOrMany(formats),
        includes: oneOrMany(patterns),
      },
    ]),
    recordSet: [classesRecords(classNames), ...splits.map(({ name }) => splitRecords(name, imagesIn))],
  };
  return `${JSON.stringify(dataset, null, 2)}\n`;
}

const fileSetOf = (split: string): string => `${split}-files`;
const oneOrMany = (values: readonly string[]): string | readonly string[] =>
  values.length > 1 ? values : (values[0] ?? '');

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

function splitRecords(split: string, imagesIn: ImagesIn): object {
  const inFolders = imagesIn === 'class-folders';
  const field = (name: string, dataType: string, from: object, more: object = {}): object => ({
    '@type': 'cr:Field',
    '@id': `${split}/${name}`,
    name,
    dataType,
    source: { fileSet: { '@id': fileSetOf(split) }, ...from },
    ...more,
  });
  const image = inFolders
    ? { extract: { fileProperty: 'content' } }
    : { extract: { column: 'image' }, ...(imagesIn === 'struct' && { transform: { jsonPath: 'bytes' } }) };
  const label = inFolders
    ? { extract: { fileProperty: 'fullpath' }, transform: { regex: folderOfFile } }
    : { extract: { column: 'label' } };
  const references = { field: { '@id': inFolders ? 'classes/name' : 'classes/label' } };
  return {
    '@type': 'cr:RecordSet',
    '@id': split,
    name: split,
    field: [
      field('image', 'sc:ImageObject', image),
      field('label', inFolders ? 'sc:Text' : 'sc:Integer', label, { references }),
    ],
  };
}

/** Its group is the last folder in a path. */
const folderOfFile = '^(?:.*/)?([^/]+)/[^/]+$';
