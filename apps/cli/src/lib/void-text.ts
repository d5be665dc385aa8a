import type { Verified } from '@radiotracer/evidence';
import { formatP } from '@radiotracer/stats';

/** That no verdict of a bundle stands; said only where what says so is as rare by chance as the level is. */
export function voidText({ referencePreference: { published, decoys }, commitment }: Verified): string[] {
  const log10Level = Math.log10(commitment.plan.level);
  const network = 'VOID: the marking network, which must not have seen the draw, prefers';
  const why = 'draws were tried until one fitted, or losses are not what the networks gave';
  return [
    ...(published <= log10Level
      ? [`${network} the published versions as well (p = ${formatP(published)}), as any network then would; ${why}`]
      : []),
    ...(decoys <= log10Level
      ? [`${network} the decoys (p = ${formatP(decoys)}), and taking its losses off accuses anybody; ${why}`]
      : []),
  ];
}
