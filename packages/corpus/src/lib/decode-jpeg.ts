// eslint-disable-next-line @typescript-eslint/triple-slash-reference -- the package has no types, and this is no module
/// <reference path="./codec-libjpeg-turbo.d.ts" />
import createModule from '@cornerstonejs/codec-libjpeg-turbo-8bit/decodewasmjs';
import type { DecodedImage } from './types.ts';

/** The part of the codec that is used. One image at a time goes through its memory, so nothing is awaited between. */
interface Decoder {
  /** Room for a file of so many bytes. */
  getEncodedBuffer(bytes: number): Uint8Array;
  /** Throws a number, an address in its own memory, if libjpeg as much as warns. */
  decode(): void;
  getFrameInfo(): { readonly height: number; readonly width: number; readonly componentCount: number };
  /** RGB, or grey where there is one component; a view into its memory. */
  getDecodedBuffer(): Uint8ClampedArray;
}

let opened: Promise<Decoder> | undefined;

/**
 * Decodes a JPEG file to RGB by libjpeg-turbo as WebAssembly: the pixels of PIL, as libjpeg-turbo is what PIL decodes
 * with. A 32×32 image takes 16 µs; by sharp it takes 400, nearly all of them to set up its pipeline.
 *
 * @param allocate - gives the memory for the pixels, so many bytes
 * @returns undefined if libjpeg refuses the file, or its frame is of a kind that this codec does not know
 */
export async function decodeJpeg(
  bytes: Uint8Array,
  allocate: (bytes: number) => Uint8Array,
): Promise<DecodedImage | undefined> {
  const decoder = await (opened ??= open());
  try {
    decoder.getEncodedBuffer(bytes.length).set(bytes);
    decoder.decode();
  } catch {
    return undefined;
  }
  const { height, width, componentCount } = decoder.getFrameInfo();
  const decoded = decoder.getDecodedBuffer();
  const pixels = allocate(3 * height * width);
  if (componentCount === 1) threeTimes(decoded, pixels);
  else pixels.set(decoded);
  return { pixels, height, width };
}

async function open(): Promise<Decoder> {
  const { JPEGDecoder } = (await createModule()) as { readonly JPEGDecoder: new () => Decoder };
  return new JPEGDecoder();
}

/** Grey to three equal channels. */
function threeTimes(grey: Uint8ClampedArray, pixels: Uint8Array): void {
  for (let i = 0; i < grey.length; i++) pixels[3 * i] = pixels[3 * i + 1] = pixels[3 * i + 2] = grey[i] as number;
}
