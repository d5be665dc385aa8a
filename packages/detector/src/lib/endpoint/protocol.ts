import type { DecodedImage } from '@radiotracer/corpus';

import { huggingface } from './huggingface.ts';
import { kserve } from './kserve.ts';
import { radiotracer } from './radiotracer.ts';
import { torchserve } from './torchserve.ts';
import type { Endpoint } from './endpoint.ts';

/** What is posted. */
export interface Posted {
  readonly url: string;
  readonly contentType: string;
  readonly body: string | Uint8Array<ArrayBuffer>;
}

/** How images are put to a kind of server, and what it says. */
export interface Protocol {
  /** Whether a request holds many images, or one. */
  readonly takesBatches: boolean;
  post(images: readonly DecodedImage[], endpoint: Endpoint): Posted;
  /**
   * One answer for each image, by the names of the columns that a table of answers has, see `answerReader`.
   *
   * @throws Error saying what was found, and what would be valid
   */
  answers(response: unknown, endpoint: Endpoint): readonly Readonly<Record<string, unknown>>[];
}

export const protocols: Readonly<Record<Endpoint['protocol'], Protocol>> = {
  radiotracer,
  kserve,
  torchserve,
  huggingface,
};
