import type { Commitment } from '@radiotracer/evidence';

/** From what, and by what, the versions of a publication were drawn. */
export function drawnText({ candidates, beacon }: Pick<Commitment, 'candidates' | 'beacon'>): string {
  return `drawn from candidates ${candidates} ${beacon === undefined ? 'without a beacon' : `by ${beacon}`}`;
}
