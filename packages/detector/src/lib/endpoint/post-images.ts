import { setTimeout } from 'node:timers/promises';

import type { DecodedImage } from '@radiotracer/corpus';
import pRetry from 'p-retry';

import { EndpointError } from '../errors.ts';
import { parsedJson } from '../parsed-json.ts';
import type { Endpoint } from './endpoint.ts';
import { protocols } from './protocol.ts';

/** Longest wait that a server is granted which says when to come again. */
const MAX_WAIT_MS = 300_000;
const FIRST_WAIT_MS = 500;

export interface PostOptions {
  readonly signal: AbortSignal;
  /** Called before each request, with the number of images in it; may throw to forbid it. */
  readonly pay: (images: number) => void;
  /** Whether a failure elsewhere has ended it all, so that nothing need be sent again. */
  readonly isOver: () => boolean;
}

type Rows = readonly Readonly<Record<string, unknown>>[];

/**
 * Shows images to the suspect, again and again with growing waits where it does not answer, is busy or fails.
 *
 * @returns one answer for each image, by column
 * @throws EndpointError, or what `pay` throws; the signal's reason when aborted
 */
export async function postImages(
  images: readonly DecodedImage[],
  endpoint: Endpoint,
  { signal, pay, isOver }: PostOptions,
): Promise<Rows> {
  const attempt = async (): Promise<Rows> => {
    pay(images.length);
    return postOnce(images, endpoint, signal);
  };
  return pRetry(attempt, {
    retries: endpoint.retries,
    minTimeout: FIRST_WAIT_MS,
    randomize: true,
    signal,
    onFailedAttempt: async ({ error, retriesLeft }) => {
      const waitMs = error instanceof BusyError ? Math.min(error.waitMs, MAX_WAIT_MS) : 0;
      if (waitMs > 0 && retriesLeft > 0) await setTimeout(waitMs, undefined, { signal });
    },
    shouldRetry: ({ error }) => isPassing(error) && !isOver(),
  });
}

function isPassing(error: Error): boolean {
  return error instanceof EndpointError && error.retryable;
}

/** The server said when to come again. */
class BusyError extends EndpointError {
  constructor(
    problem: string,
    readonly waitMs: number,
  ) {
    super(problem, { retryable: true });
  }
}

async function postOnce(images: readonly DecodedImage[], endpoint: Endpoint, signal: AbortSignal): Promise<Rows> {
  const protocol = protocols[endpoint.protocol];
  const { url, contentType, body } = protocol.post(images, endpoint);
  const timeout = AbortSignal.timeout(1000 * endpoint.timeoutSeconds);
  const { response, text } = await send(url, {
    method: 'POST',
    headers: { Accept: 'application/json', ...endpoint.headers, 'Content-Type': contentType },
    body,
    redirect: 'error', // or the token would go elsewhere
    signal: AbortSignal.any([signal, timeout]),
  });
  const said = quoted(text, endpoint);
  if (!response.ok) throw refusal(url, response, said);
  const value = parsedJson(text);
  if (value === undefined) throw new EndpointError(`${url}: found no JSON but ${said}`);
  try {
    const answers = protocol.answers(value, endpoint);
    if (answers.length === images.length) return answers;
    throw new Error(`found ${answers.length} answers, expected one for each of ${images.length} images`);
  } catch (cause) {
    throw new EndpointError(`${url}: ${(cause as Error).message}`, { cause });
  }
}

/** Characters; what is shorter is no token. */
const SHORTEST_SECRET = 8;

/** What a server said, for messages: without what the headers say, or the last words of that, as some repeat their token. */
function quoted(text: string, { headers }: Endpoint): string {
  const secrets = Object.values(headers).flatMap((value) => [value, value.split(' ').at(-1) ?? '']);
  const told = secrets
    .filter(({ length }) => length >= SHORTEST_SECRET)
    .reduce((rest, secret) => rest.replaceAll(secret, '…'), text);
  return told.slice(0, 200).replace(/\s+/g, ' ').trim() || 'nothing';
}

async function send(url: string, request: RequestInit): Promise<{ response: Response; text: string }> {
  try {
    const response = await fetch(url, request);
    return { response, text: await response.text() };
  } catch (cause) {
    const { name, message, cause: inner } = cause as Error;
    const reason = name === 'TimeoutError' ? 'it took too long' : ((inner as Error | undefined)?.message ?? message);
    throw new EndpointError(`${url} does not answer: ${reason}`, { retryable: true, cause });
  }
}

/** Too many requests, a server that fails or is not there yet: worth another try. Anything else stays as it is. */
function refusal(url: string, { status, headers }: Response, said: string): EndpointError {
  const problem = `${url} answered with status ${status}: ${said}`;
  if (status !== 408 && status !== 429 && status < 500) return new EndpointError(problem);
  const after = headers.get('Retry-After') ?? '';
  const waitMs = /^\d+$/.test(after) ? 1000 * Number(after) : Date.parse(after) - Date.now();
  return new BusyError(problem, waitMs > 0 ? waitMs : 0);
}
