import type { Evidence } from './types.ts';

/** All that a suspect gave, of whatever kind it is; what evidence is made from. */
export interface SuspectAnswers extends Pick<Evidence, 'suspect' | 'unmarked' | 'whiteBox'> {
  /** On every version of the marked images, [n · V]. */
  readonly lossOnVersions: ArrayLike<number>;
}
