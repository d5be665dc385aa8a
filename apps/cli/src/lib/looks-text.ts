import type { ReportedLooks } from '@radiotracer/evidence';
import { formatP } from '@radiotracer/stats';

/** The looks under a key for people: a line for each, then how they were counted. */
export function looksText({ looks, tests, isAsPlanned, commitment: { plan } }: ReportedLooks): string[] {
  const lines = looks.map(
    ({ number, name, knownBy, suspectSha256, sampleSize, log10P, adjustedLog10P, isDetected }) => {
      const p = tests === 1 ? `p = ${formatP(log10P)}` : `p = ${formatP(adjustedLog10P)} (alone ${formatP(log10P)})`;
      const { draws, 'draws in all': all } = sampleSize;
      const asked = all === undefined ? '' : `  after ${draws} of ${all} draws`;
      return `look ${number}  ${name}  ${isDetected ? 'detected' : 'not detected'}  ${p}${asked}  ${knownBy} ${suspectSha256.slice(0, 16)}…`;
    },
  );
  const counted = tests === 1 ? 'one look was planned' : `p counted over ${tests} looks (Holm)`;
  const beyond = `${looks.length} looks, ${plan.looks} planned: how many there would be was open, so p is not what it says`;
  return [...lines, `${counted}; level ${plan.level}; ${plan.test}`, ...(isAsPlanned ? [] : [beyond])];
}
