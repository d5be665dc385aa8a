import type { Artifact } from '@radiotracer/store';

/** How a corpus lies on disk. */
export type CorpusLayout = 'parquet' | 'image-folder' | 'cifar-10' | 'cifar-100';

/** A corpus on disk, as `describeCorpus` found it. */
export interface Corpus {
  /** Absolute. */
  readonly dir: string;
  readonly layout: CorpusLayout;
  readonly splits: Readonly<Record<string, CorpusSplit>>;
  readonly classNames: readonly string[];
  /** Files that belong to the corpus and to no split, such as a list of class names; the dataset card is not one. */
  readonly otherFiles: readonly string[];
  /** Hex SHA-256 over the names and contents of the files that make up the corpus; the dataset card is not one. */
  readonly digest: string;
}

/** A corpus whose content has not been hashed. */
export type CorpusFiles = Omit<Corpus, 'digest'>;

export interface CorpusSplit {
  /** In the order of their rows, relative to the corpus' `dir`, `/` between their parts. */
  readonly files: readonly string[];
  /** Rows in all of them. */
  readonly count: number;
}

/** In pixels. */
export interface ImageSize {
  readonly height: number;
  readonly width: number;
}

/** An image as pixels: uint8 [height, width, 3], RGB. */
export interface DecodedImage extends ImageSize {
  readonly pixels: Uint8Array;
}

/** What takes the place of an image. */
export interface Replacement extends DecodedImage {
  /** Encoded; it must decode to the pixels. Without it, the corpus encodes them as PNG. */
  readonly file?: Uint8Array;
}

/** One row of a split. */
export interface CorpusRow {
  /** The encoded file, or pixels where the layout holds pixels. */
  readonly image: Uint8Array | DecodedImage;
  readonly label: number;
  readonly file: string;
  readonly rowGroup?: number;
  /** From 0, over all files of the split in their order. */
  readonly row: number;
}

/** Where a corpus is found: in a folder outside the store (`locations.corpus`, named by its digest), or in an artefact. */
export type CorpusSource =
  | { readonly digest: string }
  | { readonly artifact: Artifact; /** Folder inside the artefact, such as `published`. */ readonly folder: string };

/** Input of the `ingest` stage. */
export interface IngestInput {
  readonly source: CorpusSource;
  readonly split: string;
  /** Size of the decoded images; by default that of the corpus, whose images must then all be alike. */
  readonly height?: number;
  readonly width?: number;
}

/** What is known of decoded shards without opening them. */
export interface ShardsFacts {
  readonly count: number;
  readonly height: number;
  readonly width: number;
  readonly classNames: readonly string[];
  readonly shards: number;
}

/** Input of the `generate` stage: the corpus that is made by a formula. */
export interface GenerateInput {
  readonly classes: number;
  readonly trainImages: number;
  readonly testImages: number;
  /** Height and width in pixels. */
  readonly size: number;
  readonly seed: number;
}

export interface GeneratedFacts extends GenerateInput {
  readonly digest: string;
}
