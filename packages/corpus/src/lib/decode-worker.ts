/** A thread that decodes: `decode-threads.ts` is its other half. */
import { parentPort } from 'node:worker_threads';
import { decodeBatch, type WantedSize } from './decode-batch.ts';

/** Encoded images, one after the other, and where each ends. */
export interface DecodeRequest {
  readonly files: Uint8Array;
  readonly ends: readonly number[];
  readonly wanted: WantedSize;
}

parentPort?.on('message', ({ files, ends, wanted }: DecodeRequest) => {
  const images = ends.map((end, i) => files.subarray(ends[i - 1] ?? 0, end));
  // A rejection ends the thread, and with it the request.
  void decodeBatch(images, wanted).then((batch) =>
    parentPort?.postMessage(batch, [batch.pixels.buffer as ArrayBuffer, batch.sizes.buffer as ArrayBuffer]),
  );
});
