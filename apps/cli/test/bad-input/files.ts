import { appendFile, chmod, mkdir, readFile, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { encodePng } from '@radiotracer/corpus';
import { fileWriter, ParquetWriter } from 'hyparquet-writer';

/*
 * Short ways to say what lies in a folder: each takes the folder, and names relative to it.
 */

type Step = (folder: string) => Promise<unknown>;

/** Several steps, one after the other. */
export const all =
  (...steps: readonly Step[]): Step =>
  async (folder) => {
    for (const step of steps) await step(folder);
  };

export const file =
  (name: string, content: string | Uint8Array = ''): Step =>
  async (folder) => {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), content);
  };

export const dir =
  (name: string): Step =>
  (folder) =>
    mkdir(join(folder, name), { recursive: true });

export const gone =
  (name: string): Step =>
  (folder) =>
    rm(join(folder, name), { recursive: true });

export const mode =
  (name: string, bits: number): Step =>
  (folder) =>
    chmod(join(folder, name), bits);

export const link =
  (name: string, target: string): Step =>
  (folder) =>
    symlink(target, join(folder, name));

export const cutTo =
  (name: string, bytes: number): Step =>
  (folder) =>
    truncate(join(folder, name), bytes);

export const longer =
  (name: string, content: string): Step =>
  (folder) =>
    appendFile(join(folder, name), content);

/** A file after a change of its text. */
export const changed =
  (name: string, change: (text: string) => string): Step =>
  async (folder) => {
    const path = join(folder, name);
    await writeFile(path, change(await readFile(path, 'latin1')), 'latin1');
  };

/** A JSON file after a change of one of its values. */
export const changedJson = (name: string, change: (value: Record<string, unknown>) => unknown): Step =>
  changed(name, (text) => JSON.stringify(change(JSON.parse(text) as Record<string, unknown>)));

/** A grey PNG image. */
export function png(height = 8, width = height, level = 128): Uint8Array {
  return encodePng(new Uint8Array(height * width * 3).fill(level), height, width);
}

/** A PNG file that claims another size than it has. */
export function pngBomb(): Uint8Array {
  const bytes = Buffer.from(png());
  bytes.writeUInt32BE(60_000, 16);
  bytes.writeUInt32BE(60_000, 20);
  return bytes;
}

/** The beginning of a JPEG file, up to a frame header that claims a size. */
export function jpegBomb(): Uint8Array {
  const bytes = Buffer.from('ffd8ffe000104a46494600010100000100010000ffc0001108000000000301220002110103110100', 'hex');
  bytes.writeUInt16BE(60_000, 25);
  bytes.writeUInt16BE(60_000, 27);
  return bytes;
}

type Label = bigint | null;
export interface ParquetContent {
  readonly images?: readonly (Uint8Array | null)[];
  readonly labels?: readonly Label[];
  /** Of the images, as the file that each was read from. */
  readonly path?: string;
  /** Null: the file names none. */
  readonly classNames?: readonly string[] | null;
}

/** A Parquet file in the Hugging Face layout. */
export const parquet =
  (name: string, { images, labels = [0n, 1n, 0n, 1n], path, classNames = ['cat', 'dog'] }: ParquetContent = {}): Step =>
  async (folder) => {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    const features = { image: { _type: 'Image' }, label: { names: classNames, _type: 'ClassLabel' } };
    const writer = new ParquetWriter({
      writer: fileWriter(join(folder, name)),
      schema: [
        { name: 'schema', num_children: 2 },
        { name: 'image', repetition_type: 'OPTIONAL', num_children: 2 },
        { name: 'bytes', type: 'BYTE_ARRAY', repetition_type: 'OPTIONAL' },
        { name: 'path', type: 'BYTE_ARRAY', repetition_type: 'OPTIONAL', converted_type: 'UTF8' },
        { name: 'label', type: 'INT64', repetition_type: 'OPTIONAL' },
      ],
      codec: 'UNCOMPRESSED',
      kvMetadata: classNames ? [{ key: 'huggingface', value: JSON.stringify({ info: { features } }) }] : [],
    });
    const rows = (images ?? labels.map(() => png())).map((bytes) => ({ bytes, path: path ?? null }));
    await writer.write({
      columnData: [
        { name: 'image', data: rows, encoding: 'PLAIN' },
        { name: 'label', data: [...labels] },
      ],
    });
    await writer.finish();
  };

/** A corpus of two Parquet files, the first of which is of interest. */
export const parquetCorpus = (content: ParquetContent): Step =>
  all(
    parquet('data/train-00000-of-00001.parquet', content),
    parquet(
      'data/test-00000-of-00001.parquet',
      content.classNames === undefined ? {} : { classNames: content.classNames },
    ),
  );

/** A record of CIFAR-10. */
export const cifarRecord = (label: number): Buffer => Buffer.concat([Buffer.from([label]), Buffer.alloc(3072, 99)]);

/** CIFAR-10 with a record a file. */
export const cifar = (label = 0, names = 'cat\ndog\n'): Step =>
  all(
    ...[1, 2, 3, 4, 5].map((n) => file(`data/data_batch_${n}.bin`, cifarRecord(label))),
    file('data/test_batch.bin', cifarRecord(0)),
    file('data/batches.meta.txt', names),
  );
