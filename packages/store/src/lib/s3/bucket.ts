import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout } from 'node:timers/promises';
import type * as Sdk from '@aws-sdk/client-s3';
import { s3Url, type S3Location } from './location.ts';
import { isMissing, s3Error, statusOf } from './s3-error.ts';

/** The text of a small object, and what the server calls this state of it. */
export interface Text {
  readonly text: string;
  readonly etag: string;
}

/** That an object is not there yet, or that it is in a state: `put` writes only if this holds. */
export type Condition = 'absent' | { readonly etag: string };

/** Files of more than one part are sent in parts of this size; S3 takes 10,000 parts, so up to 160 GB. */
const PART_BYTES = 16 << 20;

/** How often a small object is written that meets other writes. */
const PUT_TRIES = 8;

/**
 * The objects below one prefix of a bucket. Credentials, region and endpoint are found by the SDK's own chain; the SDK
 * also retries. Every error is an `S3RefusedError` or an `S3UnavailableError`.
 */
export class Bucket {
  private constructor(
    private readonly location: S3Location,
    private readonly sdk: typeof Sdk,
    private readonly client: Sdk.S3Client,
  ) {}

  static async open(location: S3Location): Promise<Bucket> {
    const sdk = await import('@aws-sdk/client-s3'); // loaded by those alone whose store lies in a bucket
    const client = new sdk.S3Client({
      // Every server knows paths; names of hosts, such as bucket.localhost, only some.
      forcePathStyle: true,
      // What is fetched is checked by its SHA-256, which also tells a damaged object from an interrupted answer.
      responseChecksumValidation: 'WHEN_REQUIRED',
      // The SDK's own limits are none: a connection that went dead would be waited for for ever.
      requestHandler: { connectionTimeout: 10_000, socketTimeout: 60_000 },
    });
    return new Bucket(location, sdk, client);
  }

  /** `s3://bucket/path` of an object. */
  url(key: string): string {
    return s3Url(this.location) + key;
  }

  async get(key: string): Promise<Text | undefined> {
    return this.#try(async () => {
      try {
        const { Body, ETag = '' } = await this.client.send(new this.sdk.GetObjectCommand(this.#object(key)));
        return { text: (await Body?.transformToString('utf8')) ?? '', etag: ETag };
      } catch (error) {
        if (isMissing(error)) return undefined;
        throw error;
      }
    });
  }

  /** Writes a small object, and returns its ETag; undefined if the condition does not hold. */
  async put(key: string, text: string, condition?: Condition): Promise<string | undefined> {
    return this.#try(async () => {
      const conditions = {
        ...(condition === 'absent' && { IfNoneMatch: '*' }),
        ...(typeof condition === 'object' && { IfMatch: condition.etag }),
      };
      for (let tries = 1; ; tries++) {
        try {
          const command = new this.sdk.PutObjectCommand({ ...this.#object(key), Body: text, ...conditions });
          return (await this.client.send(command)).ETag;
        } catch (error) {
          const status = statusOf(error);
          if (condition !== undefined && (status === 412 || isMissing(error))) return undefined;
          if (status !== 409 || tries === PUT_TRIES) throw error;
        }
        await setTimeout(10 * 2 ** tries); // 409: another write at the same time; try again, says S3
      }
    });
  }

  /** Sends a file, of any size: the object appears whole, or not. */
  async upload(key: string, path: string, signal?: AbortSignal): Promise<void> {
    await this.#try(async () => {
      const { Upload } = await import('@aws-sdk/lib-storage');
      const { size } = await stat(path);
      const file = size === 0 ? undefined : createReadStream(path);
      const params = { ...this.#object(key), Body: file ?? '' };
      const upload = new Upload({ client: this.client, params, partSize: PART_BYTES });
      const abort = (): void => void upload.abort().catch(() => undefined);
      signal?.addEventListener('abort', abort);
      try {
        await upload.done();
      } finally {
        signal?.removeEventListener('abort', abort); // the signal outlives many uploads
        file?.destroy();
      }
    });
  }

  /** Fetches an object into a file, whose folder is made. False if there is none. */
  async download(key: string, path: string): Promise<boolean> {
    return this.#try(async () => {
      try {
        const { Body } = await this.client.send(new this.sdk.GetObjectCommand(this.#object(key)));
        await mkdir(dirname(path), { recursive: true });
        await pipeline(Body as Readable, createWriteStream(path));
        return true;
      } catch (error) {
        if (isMissing(error)) return false;
        throw error;
      }
    });
  }

  /** Sizes of all objects below a path that ends with `/`, by the rest of their names. */
  async sizes(path: string): Promise<Map<string, number>> {
    const sizes = new Map<string, number>();
    const start = this.location.prefix.length + path.length;
    await this.#list(path, undefined, ({ Contents = [] }) => {
      for (const { Key = '', Size = 0 } of Contents) sizes.set(Key.slice(start), Size);
    });
    return sizes;
  }

  /** The names directly below a path that ends with `/` which have objects below them, sorted. */
  async folders(path: string): Promise<string[]> {
    const names: string[] = [];
    const start = this.location.prefix.length + path.length;
    await this.#list(path, '/', ({ CommonPrefixes = [] }) => {
      for (const { Prefix = '' } of CommonPrefixes) names.push(Prefix.slice(start, -1));
    });
    return names.sort();
  }

  /** Removes objects; those that are not there are no error. */
  async remove(keys: readonly string[]): Promise<void> {
    await this.#try(async () => {
      for (let start = 0; start < keys.length; start += 1000) {
        const Objects = keys.slice(start, start + 1000).map((key) => ({ Key: this.location.prefix + key }));
        const command = { Bucket: this.location.bucket, Delete: { Objects, Quiet: true } };
        const { Errors } = await this.client.send(new this.sdk.DeleteObjectsCommand(command));
        const [error] = Errors ?? [];
        if (error) throw Object.assign(new Error(error.Message), { name: error.Code, $fault: 'client' });
      }
    });
  }

  #object(key: string): { readonly Bucket: string; readonly Key: string } {
    return { Bucket: this.location.bucket, Key: this.location.prefix + key };
  }

  async #list(
    path: string,
    Delimiter: string | undefined,
    use: (page: Sdk.ListObjectsV2CommandOutput) => void,
  ): Promise<void> {
    await this.#try(async () => {
      const input = { Bucket: this.location.bucket, Prefix: this.location.prefix + path, Delimiter };
      for await (const page of this.sdk.paginateListObjectsV2({ client: this.client }, input)) use(page);
    });
  }

  async #try<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw s3Error(this.location, error);
    }
  }
}
