/** A thread that decodes: `decode-threads.ts` is its other half. */
import { parentPort } from 'node:worker_threads';
import { decodeBatch, type DecodedBatch, type WantedSize } from './decode-batch.ts';

/** Encoded images, one after the other, and where each ends. */
export interface DecodeRequest {
  /** The answer has the same. */
  readonly id: number;
  readonly files: Uint8Array<ArrayBuffer>;
  readonly ends: readonly number[];
  readonly wanted: WantedSize;
  /** For the pixels, if they fit. */
  readonly room: ArrayBuffer | undefined;
}

/** The batch, and the memory of its files, to be used again. */
export interface DecodeAnswer {
  readonly id: number;
  readonly batch: DecodedBatch;
  readonly files: ArrayBuffer;
}

parentPort?.on('message', ({ id, files, ends, wanted, room }: DecodeRequest) => {
  const images = ends.map((end, i) => files.subarray(ends[i - 1] ?? 0, end));
  // A rejection ends the thread, and with it the request.
  void decodeBatch(images, wanted, room).then((batch) => {
    const answer: DecodeAnswer = { id, batch, files: files.buffer };
    parentPort?.postMessage(answer, [batch.pixels.buffer, batch.sizes.buffer, files.buffer]);
  });
});
