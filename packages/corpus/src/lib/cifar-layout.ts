import { open, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { copyCorpusFile } from './copy-file.ts';
import { CorpusError, ImageSizeError } from './errors.ts';
import { toLabel } from './label.ts';
import type { Layout } from './layout.ts';
import type { CorpusFiles, CorpusSplit, DecodedImage } from './types.ts';

const size = 32;
const planeBytes = size * size;
/** Records read at once. */
const batch = 256;

/** Where the two data sets differ: files, and the label bytes before each image, of which the last is the label. */
interface CifarFormat {
  readonly files: Readonly<Record<'train' | 'test', readonly string[]>>;
  readonly namesFile: string;
  /** Not read, but released with the corpus if it is there. */
  readonly optionalFile?: string;
  readonly labelBytes: number;
}

const cifar10: CifarFormat = {
  files: { train: [1, 2, 3, 4, 5].map((n) => `data_batch_${n}.bin`), test: ['test_batch.bin'] },
  namesFile: 'batches.meta.txt',
  labelBytes: 1,
};
/** Coarse label, then fine label; the fine one is used. */
const cifar100: CifarFormat = {
  files: { train: ['train.bin'], test: ['test.bin'] },
  namesFile: 'fine_label_names.txt',
  optionalFile: 'coarse_label_names.txt',
  labelBytes: 2,
};

export const cifar10Layout = cifarLayout(cifar10);
export const cifar100Layout = cifarLayout(cifar100);

/** Binary version of CIFAR: https://www.cs.toronto.edu/~kriz/cifar.html */
function cifarLayout({ files: filesBySplit, namesFile, optionalFile, labelBytes }: CifarFormat): Layout {
  const all = [...filesBySplit.train, ...filesBySplit.test];
  const recordBytes = labelBytes + 3 * planeBytes;
  /** Records of a split from row `from` on, valid until the next one is asked for, and their labels. */
  async function* records({ dir, splits, classNames }: CorpusFiles, split: string, from = 0) {
    let row = 0;
    for (const file of splits[split]?.files ?? []) {
      const handle = await open(join(dir, file), 'r');
      try {
        const { size: bytes } = await handle.stat();
        const buffer = Buffer.alloc(batch * recordBytes);
        const skipped = Math.min(Math.max(0, from - row), Math.floor(bytes / recordBytes));
        row += skipped;
        for (let at = skipped * recordBytes; at < bytes;) {
          const { bytesRead } = await handle.read(buffer, 0, buffer.length, at);
          const count = Math.floor(bytesRead / recordBytes);
          if (count === 0) throw new CorpusError({ file, row }, 'became shorter while it was read');
          for (let i = 0; i < count; i++, row++) {
            const record = buffer.subarray(i * recordBytes, (i + 1) * recordBytes);
            yield { record, file, row, label: toLabel(record.readUInt8(labelBytes - 1), { file, row }, classNames) };
          }
          at += count * recordBytes;
        }
      } finally {
        await handle.close();
      }
    }
  }

  return {
    expected: `CIFAR's binary files ${all.join(', ')} and ${namesFile}`,

    async find(dir, files) {
      if (!all.some((file) => files.includes(file))) return undefined;
      for (const file of [...all, namesFile]) {
        if (!files.includes(file)) throw new CorpusError({ file }, `is missing beside ${all[0]}`);
      }
      const lines = (await readFile(join(dir, namesFile), 'utf8')).split('\n').map((line) => line.trim());
      const splits: Record<string, CorpusSplit> = {};
      for (const [split, names] of Object.entries(filesBySplit)) {
        let count = 0;
        for (const file of names) {
          const { size: bytes } = await stat(join(dir, file));
          if (bytes % recordBytes !== 0) {
            throw new CorpusError({ file }, `has ${bytes} bytes, no multiple of ${recordBytes}: it is cut off`);
          }
          count += bytes / recordBytes;
        }
        splits[split] = { files: names, count };
      }
      const otherFiles = [namesFile, ...files.filter((file) => file === optionalFile)];
      return { splits, classNames: lines.filter((line) => line !== ''), otherFiles };
    },

    async *read(corpus, split, from) {
      for await (const { record, file, row, label } of records(corpus, split, from)) {
        const pixels = interleave(record.subarray(labelBytes));
        yield { file, row, label, image: { pixels, height: size, width: size } };
      }
    },

    async *inspect(corpus, split) {
      for await (const { file, row } of records(corpus, split)) yield { file, row, height: size, width: size };
    },

    check(_corpus, _split, replacements) {
      for (const { height, width } of replacements.values()) {
        if (height === size && width === size) continue;
        const rule = `CIFAR's images are ${size}×${size}, the new one is ${height}×${width}`;
        throw new ImageSizeError(`corpus: ${rule}; mark the images in the size that they have`);
      }
    },

    async rewriteFile(corpus, name, firstRow, replacements, outputDir, onRows) {
      await copyCorpusFile(corpus.dir, outputDir, name);
      const handle = await open(join(outputDir, name), 'r+');
      try {
        const records = (await handle.stat()).size / recordBytes;
        for (let record = 0; record < records; record++) {
          const image = replacements.get(firstRow + record);
          if (image) await handle.write(planes(image), 0, 3 * planeBytes, record * recordBytes + labelBytes);
        }
        onRows(records);
      } finally {
        await handle.close();
      }
    },
  };
}

/** [H, W, 3] to [3, H, W]. */
function planes({ pixels }: DecodedImage): Uint8Array {
  return Uint8Array.from(pixels, (_, i) => pixels[(i % planeBytes) * 3 + Math.floor(i / planeBytes)] ?? 0);
}

/** [3, H, W] to [H, W, 3]. */
function interleave(planes: Uint8Array): Uint8Array {
  const pixels = new Uint8Array(planes.length);
  for (let i = 0; i < planeBytes; i++) {
    for (let c = 0; c < 3; c++) pixels[i * 3 + c] = planes[c * planeBytes + i] ?? 0;
  }
  return pixels;
}
