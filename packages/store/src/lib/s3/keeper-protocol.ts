import type { S3Location } from './location.ts';

/** What the keeper thread is given. */
export interface KeeperData {
  readonly location: S3Location;
  /** Where the stage's working objects lie; ends with `/`. */
  readonly working: string;
  /** The working folder on this machine. */
  readonly folder: string;
}

/** `release` leaves lock and scratch to the next owner, `discard` leaves them as they are, to be removed. */
export type KeeperRequest = 'assertHeld' | 'release' | 'discard';

/** First `acquired`; then one `done` for each request, `lost` at any time. `failed` stands for the first, or for `done`. */
export type KeeperMessage =
  | { readonly type: 'acquired'; readonly attempt: number }
  | { readonly type: 'done' }
  | { readonly type: 'lost' }
  | { readonly type: 'failed'; readonly name: string; readonly message: string };
