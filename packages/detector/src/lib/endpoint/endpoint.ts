import { readFile } from 'node:fs/promises';
import { z } from 'zod';

import { EndpointError } from '../errors.ts';

const triple = z.tuple([z.number(), z.number(), z.number()]);

const endpointSchema = z.strictObject({
  /** Of the server; what a protocol adds to it, its file says. It is shown in reports. */
  url: z.url({ protocol: /^https?$/ }).refine((url) => !/^https?:\/\/[^/?#]*@/i.test(url), {
    error: 'holds a name or password, which reports would show; expected them in "headers"',
  }),
  protocol: z.enum(['radiotracer', 'kserve', 'torchserve', 'huggingface']),
  /** Name of the model on the server. */
  model: z.string().min(1).default('model'),
  /** Such as `{ "Authorization": "Bearer …" }`. They stay in the file. */
  headers: z.record(z.string(), z.string()).default({}),
  /** Whether it is shown each version in eight views, in the place of as it is. */
  views: z.boolean().default(false),
  /** Images in a request; TorchServe and Hugging Face take one. */
  batchSize: z.int().min(1).max(1024).default(8),
  /** Requests that wait for their answers at once. */
  concurrency: z.int().min(1).max(64).default(4),
  timeoutSeconds: z.number().positive().default(60),
  /** How often a request is sent again that failed for a reason that may pass. */
  retries: z.int().min(0).max(20).default(5),
  /** Most images that may be sent, those that are sent again included. */
  budget: z.int().min(1).optional(),
  /** How KServe's tensor is made and what comes back; only for that protocol. */
  kserve: z
    .strictObject({
      input: z.string().default('input'),
      /** `UINT8`: levels, 0–255; `FP32`: (level / 255 − mean) / std. */
      datatype: z.enum(['UINT8', 'FP32']).default('FP32'),
      layout: z.enum(['NCHW', 'NHWC']).default('NCHW'),
      mean: triple.default([0.485, 0.456, 0.406]),
      std: triple.default([0.229, 0.224, 0.225]),
      /** By default the first output. */
      output: z.string().optional(),
      answers: z.enum(['logits', 'probabilities']).default('logits'),
    })
    .prefault({}),
});

/** How a suspect behind HTTP is reached, as its file says. */
export type Endpoint = z.infer<typeof endpointSchema>;

/**
 * Which suspect it is, and how it is shown the images: what its answers belong to. How often and how fast it is asked is
 * not part of it.
 */
export type EndpointIdentity = { readonly url: string; readonly model: string; readonly views?: true } & (
  | { readonly protocol: 'kserve'; readonly kserve: Endpoint['kserve'] }
  | { readonly protocol: Exclude<Endpoint['protocol'], 'kserve'> }
);

/**
 * Reads the file of an endpoint: JSON. It may hold a token, so its owner keeps it from others.
 *
 * @throws EndpointError naming file and field
 */
export async function readEndpoint(path: string): Promise<Endpoint> {
  let value: unknown;
  try {
    value = JSON.parse(await readFile(path, 'utf8'));
  } catch (cause) {
    const reason = cause instanceof SyntaxError ? 'it is no JSON' : (cause as NodeJS.ErrnoException).code;
    throw new EndpointError(`${path} cannot be read (${reason}); name a JSON file with url and protocol`, { cause });
  }
  const parsed = endpointSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues; // zod's messages tell what is expected, and not what was found
  throw new EndpointError(`${path}: ${issue?.path.join('.') || 'endpoint'}: ${issue?.message}`);
}

export function identityOf({ url, protocol, model, views, kserve }: Endpoint): EndpointIdentity {
  const shown = { url, model, ...(views && { views }) };
  return protocol === 'kserve' ? { ...shown, protocol, kserve } : { ...shown, protocol };
}
