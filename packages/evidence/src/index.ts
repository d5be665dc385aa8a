/**
 * A verdict that somebody who trusts nobody can check, in plain Node and offline.
 *
 * `makeCommitment` says before a release what will be tested; `addLooks` keeps every look at a suspect in a bundle;
 * `verifyBundle` computes draws, cosines, statistics and p-values again from the bundle and the revealed key, `verifyAnswers`
 * the losses of a suspect that only answered;
 * `signStatement` puts what came of it under a signature, `verifyStatement` checks that.
 */
export { addLooks, type NewLook, type Release } from './lib/add-looks.ts';
export { commitmentFile, manifestFile, statementFile } from './lib/bundle.ts';
export {
  type Commitment,
  commitmentText,
  makeCommitment,
  parseCommitment,
  type Plan,
  plannedTest,
} from './lib/commitment.ts';
export { type Envelope, envelopeText, parseEnvelope } from './lib/dsse.ts';
export { SigningKeyError } from './lib/errors.ts';
export { reportedLooks, type ReportedLooks } from './lib/reported-looks.ts';
export { readPrivateKey, readPublicKey } from './lib/signing-key.ts';
export { signStatement, type Statement, statementOf, verifyStatement } from './lib/statement.ts';
export { verifyAnnouncement } from './lib/verify-announcement.ts';
export { verifyAnswers } from './lib/verify-answers.ts';
export { type Verified, type VerifiedLook, verifyBundle } from './lib/verify-bundle.ts';
