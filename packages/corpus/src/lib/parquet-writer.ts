import { fileWriter, ParquetWriter as HyparquetWriter } from 'hyparquet-writer';
import type { SchemaElement } from 'hyparquet';

/** Rows of a row group, as `datasets` writes images. */
const rowGroupSize = 100;

/** The columns of an image corpus in the Hugging Face layout. */
const schema: SchemaElement[] = [
  { name: 'schema', num_children: 2 },
  { name: 'image', repetition_type: 'OPTIONAL', num_children: 2 },
  { name: 'bytes', type: 'BYTE_ARRAY', repetition_type: 'OPTIONAL' },
  { name: 'path', type: 'BYTE_ARRAY', repetition_type: 'OPTIONAL', converted_type: 'UTF8' },
  { name: 'label', type: 'INT64', repetition_type: 'OPTIONAL' },
];

/** Writes one Parquet file of encoded images in the Hugging Face layout, a row group at a time. */
export class ParquetImageWriter {
  readonly #writer: HyparquetWriter;
  #images: { bytes: Uint8Array; path: null }[] = [];
  #labels: bigint[] = [];

  constructor(path: string, classNames: readonly string[]) {
    const features = { image: { _type: 'Image' }, label: { names: classNames, _type: 'ClassLabel' } };
    this.#writer = new HyparquetWriter({
      writer: fileWriter(path),
      schema,
      codec: 'UNCOMPRESSED', // images are compressed, or meant not to be
      kvMetadata: [{ key: 'huggingface', value: JSON.stringify({ info: { features } }) }],
      createdBy: 'radiotracer',
    });
  }

  async append(bytes: Uint8Array, label: number): Promise<void> {
    this.#images.push({ bytes, path: null });
    this.#labels.push(BigInt(label));
    if (this.#labels.length === rowGroupSize) await this.#flush();
  }

  async close(): Promise<void> {
    if (this.#labels.length > 0) await this.#flush();
    await this.#writer.finish();
  }

  async #flush(): Promise<void> {
    await this.#writer.write({
      columnData: [
        { name: 'image', data: this.#images, encoding: 'PLAIN', statistics: false, offsetIndex: false },
        { name: 'label', data: this.#labels },
      ],
    });
    this.#images = [];
    this.#labels = [];
  }
}
