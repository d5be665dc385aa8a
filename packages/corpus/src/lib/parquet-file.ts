import { join } from 'node:path';
import {
  parquetMetadataAsync,
  parquetReadObjects,
  parquetSchema,
  type AsyncBuffer,
  type FileMetaData,
  type SchemaTree,
} from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { CorpusError } from './errors.ts';
import { fileBuffer } from './file-buffer.ts';
import { isOfSystem } from './is-of-system.ts';

/** A Parquet file of a corpus, with its footer read and its columns checked. */
export interface ParquetFile {
  /** Relative to the corpus' folder. */
  readonly name: string;
  readonly buffer: AsyncBuffer;
  readonly metadata: FileMetaData;
}

/** What a row holds under the names that a corpus must have. */
export interface ParquetRow {
  readonly image?: Uint8Array | { readonly bytes?: Uint8Array | null } | null;
  readonly label: bigint | number | null;
}

/** Magic number, length of the footer, magic number. */
const leastBytes = 12;

/**
 * @throws CorpusError if it is no Parquet file, is cut off, or lacks the columns `image` and `label`; what the system says
 *   if it does not read it
 */
export async function openParquet(dir: string, name: string): Promise<ParquetFile> {
  const buffer = await fileBuffer(join(dir, name));
  if (buffer.byteLength < leastBytes) {
    throw new CorpusError(
      { file: name },
      `has ${buffer.byteLength} bytes, too few for Parquet: it is cut off or damaged`,
    );
  }
  let metadata: FileMetaData;
  try {
    metadata = await parquetMetadataAsync(buffer);
  } catch (cause) {
    if (isOfSystem(cause)) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    const problem = `cannot be read as Parquet (${reason}): it is cut off or damaged; a whole file ends in its footer`;
    throw new CorpusError({ file: name }, problem, { cause });
  }
  checkColumns(name, parquetSchema(metadata));
  return { name, buffer, metadata };
}

/**
 * Rows of one row group, which is what is held in memory.
 *
 * @param columns - those to read
 * @param count - rows from its first on, by default all
 * @throws CorpusError if pages are damaged, or of a codec or encoding that cannot be read; what the system says if it
 *   does not read them
 */
export async function readRowGroup(
  file: ParquetFile,
  rowGroup: number,
  columns: readonly string[],
  count = Number(file.metadata.row_groups[rowGroup]?.num_rows ?? 0),
): Promise<readonly ParquetRow[]> {
  const { buffer, metadata } = file;
  const rowStart = metadata.row_groups.slice(0, rowGroup).reduce((sum, group) => sum + Number(group.num_rows), 0);
  const rowEnd = rowStart + count;
  try {
    const rows = await parquetReadObjects({
      file: buffer,
      metadata,
      columns: [...columns],
      rowStart,
      rowEnd,
      compressors,
      utf8: false, // or image bytes are decoded as text
    });
    if (rows.length === rowEnd - rowStart) return rows as unknown as ParquetRow[];
    throw new Error(`${rows.length} of ${rowEnd - rowStart} rows`);
  } catch (cause) {
    if (isOfSystem(cause)) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new CorpusError({ file: file.name, rowGroup }, `cannot be read (${reason}): the file is damaged`, { cause });
  }
}

/** Names of the `ClassLabel` that `datasets` keeps in the schema's metadata; undefined where there are none. */
export function classNamesOf({ name, metadata }: ParquetFile): readonly string[] | undefined {
  const text = metadata.key_value_metadata?.find(({ key }) => key === 'huggingface')?.value;
  if (text === undefined) return undefined;
  let names: unknown;
  try {
    names = JSON.parse(text).info?.features?.label?.names;
  } catch (cause) {
    throw new CorpusError({ file: name }, 'the metadata under "huggingface" is no JSON', { cause });
  }
  return Array.isArray(names) && names.every((n) => typeof n === 'string') ? names : undefined;
}

function checkColumns(file: string, schema: SchemaTree): void {
  const column = (name: string): SchemaTree | undefined => schema.children.find(({ element }) => element.name === name);
  const image = column('image');
  const isBinary = (node: SchemaTree | undefined): boolean =>
    node?.element.type === 'BYTE_ARRAY' && node.element.repetition_type !== 'REPEATED';
  const hasImage = isBinary(image) || isBinary(image?.children.find(({ element }) => element.name === 'bytes'));
  const hasLabel = ['INT32', 'INT64'].includes(column('label')?.element.type ?? '');
  if (hasImage && hasLabel) return;
  const found = schema.children.map(
    ({ element, children }) => `${element.name}: ${element.type ?? describe(children)}`,
  );
  throw new CorpusError(
    { file },
    `has the columns ${found.join(', ') || '(none)'}; needs image: struct<bytes: binary, path: string> and label: int64`,
  );
}

function describe(children: readonly SchemaTree[]): string {
  return `struct<${children.map(({ element }) => element.name).join(', ')}>`;
}
