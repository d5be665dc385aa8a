import { encodePng } from '@radiotracer/corpus';
import type { Protocol } from './protocol.ts';

/**
 * The contract for servers that are made for it: `{ "images": ["<PNG as base64>", …] }` is posted to `url`, and answered by
 * `{ "answers": [{ "logits": […] }, …] }`, one for each image in their order, each with the names of a table's columns:
 * `logits`, `probabilities`, `top` with or without `top_probabilities`, or `label`.
 */
export const radiotracer: Protocol = {
  takesBatches: true,
  post: (images, { url, model }) => ({
    url,
    contentType: 'application/json',
    body: JSON.stringify({
      model,
      images: images.map(({ pixels, height, width }) =>
        Buffer.from(encodePng(pixels, height, width)).toString('base64'),
      ),
    }),
  }),
  answers(response) {
    const { answers } = (response ?? {}) as { answers?: unknown };
    if (Array.isArray(answers) && answers.every((answer) => typeof answer === 'object' && answer !== null)) {
      return answers;
    }
    throw new Error('found no list "answers" of objects, expected { "answers": [{ "logits": […] }, …] }');
  },
};
