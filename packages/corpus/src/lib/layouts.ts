import { cifar100Layout, cifar10Layout } from './cifar-layout.ts';
import { imageFolderLayout } from './image-folder-layout.ts';
import type { Layout } from './layout.ts';
import { parquetLayout } from './parquet-layout.ts';
import type { CorpusLayout } from './types.ts';

/** In the order in which they are looked for. */
export const layouts: Readonly<Record<CorpusLayout, Layout>> = {
  parquet: parquetLayout,
  'cifar-10': cifar10Layout,
  'cifar-100': cifar100Layout,
  'image-folder': imageFolderLayout,
};
