import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { encodePng } from '../src/lib/encode-png.ts';
import { ParquetImageWriter } from '../src/lib/parquet-writer.ts';

const classNames = ['cat', 'dog'];

/** An image of its own for each row, side × side. */
function imageOf(row: number, side: number): Uint8Array {
  return new Uint8Array(side * side * 3).fill(row % 256).fill(row >> 8, 0, side);
}

/** Class folders with all rows of the split `train` in their order; names of files tell the row. */
export async function writeImageFolder(dir: string, count: number, side: number): Promise<void> {
  for (const name of classNames) await mkdir(join(dir, name), { recursive: true });
  for (let row = 0; row < count; row++) {
    const name = classNames[Math.floor((row * classNames.length) / count)] ?? '';
    const file = join(dir, name, `${String(row).padStart(6, '0')}.png`);
    await writeFile(file, encodePng(imageOf(row, side), side, side));
  }
}

/** Files of the split `train`, with row groups of 100 rows. */
export async function writeParquet(dir: string, counts: readonly number[], side: number): Promise<void> {
  await mkdir(dir, { recursive: true });
  const digits = (number: number): string => String(number).padStart(5, '0');
  let row = 0;
  for (const [i, count] of counts.entries()) {
    const writer = new ParquetImageWriter(
      join(dir, `train-${digits(i)}-of-${digits(counts.length)}.parquet`),
      classNames,
    );
    for (const end = row + count; row < end; row++)
      await writer.append(encodePng(imageOf(row, side), side, side), row % 2);
    await writer.close();
  }
}

/** CIFAR-10's binary files, of 32×32 images. */
export async function writeCifar(dir: string, counts: readonly number[]): Promise<void> {
  await mkdir(dir, { recursive: true });
  let row = 0;
  for (const [i, count] of counts.entries()) {
    const records: Buffer[] = [];
    for (const end = row + count; row < end; row++) {
      records.push(Buffer.concat([Buffer.from([row % 2]), imageOf(row, 32)]));
    }
    await writeFile(join(dir, `data_batch_${i + 1}.bin`), Buffer.concat(records));
  }
  await writeFile(join(dir, 'test_batch.bin'), Buffer.alloc(3073));
  await writeFile(join(dir, 'batches.meta.txt'), `${classNames.join('\n')}\n`);
}
