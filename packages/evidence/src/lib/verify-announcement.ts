import { commitmentFile } from './bundle.ts';
import type { Commitment } from './commitment.ts';
import { doesNotHold } from './errors.ts';

/**
 * Checks a commitment to a draw by a beacon against the one that was made public before the beacon's round: a commitment to
 * a draw without it, which announces by what key, from what candidates, for what plan and in which round a beacon will draw.
 *
 * @param where - the name of the announcement's file, for messages
 * @throws VerificationError naming what is not as it was announced
 */
export function verifyAnnouncement(commitment: Commitment, announced: Commitment, where: string): void {
  if (commitment.beacon === undefined) {
    throw doesNotHold(commitmentFile, 'names no beacon; an announcement is of a draw by one');
  }
  if (announced.beacon !== undefined) {
    throw doesNotHold(where, `is of a draw by ${announced.beacon}; an announcement comes before a beacon draws`);
  }
  const { announces } = announced;
  if (announces === undefined) {
    throw doesNotHold(where, 'announces no round of a beacon; "radiotracer commit --announce <source>:<round>" does');
  }
  if (!commitment.beacon.startsWith(`${announces}:`)) {
    throw doesNotHold(commitmentFile, `has beacon ${commitment.beacon}; announced was ${announces} (${where})`);
  }
  const found = announcedFields(commitment);
  for (const [field, expected] of announcedFields(announced)) {
    if (found.get(field) === expected) continue;
    throw doesNotHold(commitmentFile, `has ${field} ${found.get(field)}; announced was ${expected} (${where})`);
  }
}

function announcedFields({ keyId, candidates, plan }: Commitment): Map<string, string | number> {
  return new Map(Object.entries({ keyId, candidates, ...plan }));
}
