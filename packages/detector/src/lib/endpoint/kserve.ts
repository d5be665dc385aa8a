import type { DecodedImage } from '@radiotracer/corpus';
import type { Endpoint } from './endpoint.ts';
import type { Protocol } from './protocol.ts';

/**
 * KServe's Open Inference Protocol, version 2, as Triton and others speak it: a tensor is posted to
 * `<url>/v2/models/<model>/infer`, an output [B, K] comes back.
 *
 * Source: https://kserve.github.io/website/docs/concepts/architecture/data-plane/v2-protocol
 */
export const kserve: Protocol = {
  takesBatches: true,
  post: (images, { url, model, kserve: { input: name, ...settings } }) => ({
    url: `${url.replace(/\/$/, '')}/v2/models/${encodeURIComponent(model)}/infer`,
    contentType: 'application/json',
    body: JSON.stringify({ inputs: [{ name, datatype: settings.datatype, ...tensorOf(images, settings) }] }),
  }),
  answers(response, { kserve: { output, answers } }) {
    const { outputs: given } = (response ?? {}) as { outputs?: unknown };
    const outputs = (Array.isArray(given) ? given : []) as Partial<Output>[];
    const { shape, data } = (output === undefined ? outputs[0] : outputs.find(({ name }) => name === output)) ?? {};
    const [images = 0, classes = 0] = shape ?? [];
    if (shape?.length !== 2 || data?.length !== images * classes) {
      const names = outputs.map(({ name, shape }) => `${name} [${shape?.join(', ') ?? ''}]`).join(', ') || 'none';
      throw new Error(
        `found the outputs ${names}, expected ${output ?? 'one'} of shape [images, classes] with its data`,
      );
    }
    return Array.from({ length: images }, (_, i) => ({ [answers]: data.slice(i * classes, (i + 1) * classes) }));
  },
};

/** As far as a server keeps to the protocol. */
interface Output {
  readonly name: string;
  readonly shape: readonly number[];
  readonly data: readonly number[];
}

type Settings = Omit<Endpoint['kserve'], 'input'>;

function tensorOf(images: readonly DecodedImage[], settings: Settings): { shape: number[]; data: number[] } {
  const [{ height, width } = { height: 0, width: 0 }] = images;
  const count = images.length;
  const isFirst = settings.layout === 'NCHW';
  return {
    shape: isFirst ? [count, 3, height, width] : [count, height, width, 3],
    data: images.flatMap(({ pixels }) => valuesOf(pixels, settings)),
  };
}

/** [H, W, 3] levels → the values of the tensor, in its layout. */
function valuesOf(pixels: Uint8Array, { datatype, layout, mean, std }: Settings): number[] {
  const size = pixels.length / 3;
  return Array.from(pixels, (_, at) => {
    const channel = layout === 'NCHW' ? Math.floor(at / size) : at % 3;
    const level = pixels[layout === 'NCHW' ? (at % size) * 3 + channel : at] as number;
    return datatype === 'UINT8' ? level : (level / 255 - (mean[channel] as number)) / (std[channel] as number);
  });
}
