/** How fast a worker does what; see `measure-rates.ts`. */
export interface Rates {
  /** What they were measured on. */
  readonly machine: string;
  /** Images of 224×224 from PNG into shards. */
  readonly decodeImagesPerSecond: number;
  /** ResNet-18 at 224×224: forward, backward, update. */
  readonly trainImagesPerSecond: number;
  /** ResNet-18 at 224×224, one pass. */
  readonly forwardImagesPerSecond: number;
  /** One step of one version at 224×224. */
  readonly markImageStepsPerSecond: number;
  /** Between a worker's cache and the bucket, hashing included. */
  readonly transfer: {
    readonly sendSecondsPerFile: number;
    readonly fetchSecondsPerFile: number;
    readonly sendBytesPerSecond: number;
    readonly fetchBytesPerSecond: number;
  };
}
