import { encodedImage } from './encoded-image.ts';
import type { Protocol } from './protocol.ts';

/**
 * TorchServe with its `image_classifier` handler: a PNG is posted to `<url>/predictions/<model>`, and answered by the
 * probabilities of the likeliest classes: `{ "tabby": 0.6, "lynx": 0.3 }`.
 *
 * Source: https://docs.pytorch.org/serve/default_handlers.html
 */
export const torchserve: Protocol = {
  takesBatches: false,
  post: (images, { url, model }) =>
    encodedImage(images, `${url.replace(/\/$/, '')}/predictions/${encodeURIComponent(model)}`),
  answers(response) {
    const isObject = typeof response === 'object' && response !== null && !Array.isArray(response);
    const entries = isObject ? Object.entries(response) : [];
    if (entries.length === 0 || !entries.every(([, p]) => typeof p === 'number')) {
      throw new Error('found no probabilities by class, expected such as { "cat": 0.6, "dog": 0.3 }');
    }
    entries.sort(([, a], [, b]) => b - a);
    return [{ top: entries.map(([name]) => name), top_probabilities: entries.map(([, p]) => p) }];
  },
};
