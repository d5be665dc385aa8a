import { encodedImage } from './encoded-image.ts';
import type { Protocol } from './protocol.ts';

/**
 * Hugging Face inference (endpoints, or a pipeline's server) for image classification: a PNG is posted to `url`, and
 * answered by the likeliest classes: `[{ "label": "tabby", "score": 0.6 }, …]`.
 *
 * Source: https://huggingface.co/docs/inference-providers/tasks/image-classification
 */
export const huggingface: Protocol = {
  takesBatches: false,
  post: (images, { url }) => encodedImage(images, url),
  answers(response) {
    const classes = (Array.isArray(response) ? response : []) as { label?: unknown; score?: unknown }[];
    if (classes.length === 0 || !classes.every((each) => typeof each?.score === 'number' && each.label !== undefined)) {
      throw new Error('found no scores by label, expected such as [{ "label": "cat", "score": 0.6 }, …]');
    }
    const sorted = [...classes].sort((a, b) => (b.score as number) - (a.score as number));
    return [{ top: sorted.map(({ label }) => label), top_probabilities: sorted.map(({ score }) => score) }];
  },
};
