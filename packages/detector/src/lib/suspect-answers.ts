import type { LastLayer } from './last-layer.ts';
import type { Evidence } from './types.ts';

/** All that a suspect gave, of whatever kind it is; what evidence is made from. */
export interface SuspectAnswers extends Pick<Evidence, 'suspect' | 'unmarked'> {
  /** On every version of the marked images, [n · V]. */
  readonly lossOnVersions: ArrayLike<number>;
  /** On the clean test images; undefined of a suspect that was not asked about them. */
  readonly lastLayer?: LastLayer;
}
