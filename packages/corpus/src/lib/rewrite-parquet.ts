import type { ColumnChunk, FileMetaData, RowGroup } from 'hyparquet';
import { fileWriter } from 'hyparquet-writer';
import { writeColumn } from 'hyparquet-writer/src/column.js';
import { encodeNestedValues } from 'hyparquet-writer/src/dremel.js';
import { writeMetadata } from 'hyparquet-writer/src/metadata.js';
import { schemaPathResolver } from 'hyparquet-writer/src/schema.js';
import { snappyCompress } from 'hyparquet-writer/src/snappy.js';
import { encodeReplacement } from './encode-replacement.ts';
import { readRowGroup, type ParquetFile, type ParquetRow } from './parquet-file.ts';
import type { Replacement } from './types.ts';

const magic = 0x31524150; // "PAR1"
const pageBytes = 2 ** 20;

type Writer = ReturnType<typeof fileWriter>;
type ChunkMetaData = NonNullable<ColumnChunk['meta_data']>;

/**
 * Writes a Parquet file again with other images in some rows.
 *
 * The column of image bytes is encoded anew in every row group, so that its form does not tell which were touched. All
 * other columns are copied as they are, whatever their types; schema and metadata stay. Statistics and indexes, which
 * are optional and hold offsets of the old file, are left out.
 *
 * @param replace - the new image of row `row` of this file, or undefined to keep the old one
 * @param onRows - called after each row group with its number of rows
 */
export async function rewriteParquet(
  file: ParquetFile,
  path: string,
  replace: (row: number) => Replacement | undefined,
  onRows: (rows: number) => void,
): Promise<void> {
  const { metadata } = file;
  const writer = fileWriter(path);
  writer.appendUint32(magic);
  const rowGroups: RowGroup[] = [];
  let firstRow = 0;
  for (const [index, group] of metadata.row_groups.entries()) {
    const rows = (await readRowGroup(file, index, ['image'])).map((row, i) => withImage(row, replace(firstRow + i)));
    const columns: ColumnChunk[] = [];
    for (const { meta_data: chunk } of group.columns) {
      if (!chunk) throw new Error(`corpus: ${file.name} keeps the metadata of its columns elsewhere`);
      columns.push(isImage(chunk) ? writeImages(writer, metadata, chunk, rows) : await copy(writer, file, chunk));
    }
    rowGroups.push({
      columns,
      num_rows: group.num_rows,
      total_byte_size: total(columns, 'total_uncompressed_size'),
      total_compressed_size: total(columns, 'total_compressed_size'),
    });
    firstRow += rows.length;
    onRows(rows.length);
  }
  writeMetadata(writer, { ...metadata, row_groups: rowGroups });
  writer.appendUint32(magic);
  await writer.finish();
}

/** `image` itself where it is plain bytes, else its field `bytes`. */
function isImage({ path_in_schema: path }: ChunkMetaData): boolean {
  return path[0] === 'image' && (path.length === 1 || path[1] === 'bytes');
}

function withImage({ image }: ParquetRow, replacement: Replacement | undefined): ParquetRow['image'] {
  if (!replacement) return image;
  if (image instanceof Uint8Array) return encodeReplacement(replacement, image);
  return { ...image, bytes: encodeReplacement(replacement, image?.bytes) };
}

function writeImages(
  writer: Writer,
  metadata: FileMetaData,
  { path_in_schema, codec }: ChunkMetaData,
  rows: readonly ParquetRow['image'][],
): ColumnChunk {
  const path = schemaPathResolver(metadata.schema)(path_in_schema);
  const schemaPath = path.map(({ element }) => element);
  const element = schemaPath.at(-1);
  if (!element) throw new Error('corpus: the schema has no image');
  const column = {
    columnName: path_in_schema.join('.'),
    element,
    schemaPath,
    // Pays even for JPEG: the tables in the headers of small files repeat. Every reader knows Snappy.
    codec: codec === 'UNCOMPRESSED' ? codec : ('SNAPPY' as const),
    compressors: { SNAPPY: snappyCompress },
    stats: false,
    pageSize: pageBytes,
    columnIndex: false,
    offsetIndex: false,
    encoding: 'PLAIN' as const,
  };
  return writeColumn({ writer, column, pageData: encodeNestedValues(path, [...rows]) }).chunk;
}

/** Copies a column chunk byte for byte. */
async function copy(writer: Writer, { buffer }: ParquetFile, chunk: ChunkMetaData): Promise<ColumnChunk> {
  const { type, encodings, path_in_schema, codec, num_values, total_uncompressed_size, total_compressed_size } = chunk;
  // Some writers give a dictionary at offset 0 where there is none.
  const start = chunk.dictionary_page_offset ? chunk.dictionary_page_offset : chunk.data_page_offset;
  const moved = BigInt(writer.offset) - start;
  const bytes = await buffer.slice(Number(start), Number(start + total_compressed_size));
  writer.appendBytes(new Uint8Array(bytes));
  return {
    file_offset: start + moved,
    meta_data: {
      ...{ type, encodings, path_in_schema, codec, num_values, total_uncompressed_size, total_compressed_size },
      data_page_offset: chunk.data_page_offset + moved,
      ...(chunk.dictionary_page_offset ? { dictionary_page_offset: chunk.dictionary_page_offset + moved } : {}),
    },
  };
}

function total(columns: readonly ColumnChunk[], size: 'total_uncompressed_size' | 'total_compressed_size'): bigint {
  return columns.reduce((sum, { meta_data }) => sum + (meta_data?.[size] ?? 0n), 0n);
}
