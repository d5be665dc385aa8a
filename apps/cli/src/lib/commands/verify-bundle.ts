import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { MarkingKey } from '@radiotracer/carriers';
import {
  commitmentFile,
  commitmentText,
  parseEnvelope,
  readPublicKey,
  statementFile,
  type Verified,
  type VerifiedLook,
  verifyAnnouncement,
  verifyAnswers,
  verifyBundle,
  verifyStatement,
} from '@radiotracer/evidence';
import { sha256File } from '@radiotracer/store';
import { InputError } from '../errors.ts';
import { looksText } from '../looks-text.ts';
import { printResult } from '../print-result.ts';
import { type PublicCommitment, readCommitment } from '../read-commitment.ts';
import { voidText } from '../void-text.ts';
import type { VerifyOptions } from './verify.ts';

/** What of the world outside the bundle it was compared with; undefined is "not compared". */
interface Compared {
  /** `all`: with the plan; `key and manifest`: only hex digits were given, which say nothing of the plan. */
  readonly commitment?: 'all' | 'key and manifest' | undefined;
  readonly announcement?: true | undefined;
  /** Numbers of the looks at these weights. */
  readonly weights?: readonly number[] | undefined;
  /** Of those at these answers, from which their losses were computed again. */
  readonly answers?: readonly number[] | undefined;
  readonly published?: true | undefined;
  readonly signature?: true | undefined;
}

/**
 * Computes again what a bundle says, and compares it with what is given of the world outside it.
 *
 * @throws VerificationError or InputError saying what does not hold
 */
export async function verifyBundleCommand(
  folder: string,
  key: MarkingKey,
  given: PublicCommitment | undefined,
  options: VerifyOptions,
): Promise<void> {
  const verified = await verifyBundle(folder, key);
  const compared: Compared = {
    commitment: given && compareCommitment(verified, given),
    announcement:
      options.announcement === undefined ? undefined : await compareAnnouncement(verified, options.announcement),
    weights: options.weights === undefined ? undefined : await compareLooks(verified, 'weights', options.weights),
    answers: options.answers === undefined ? undefined : await checkAnswers(verified, key, options.answers),
    published: options.published === undefined ? undefined : await comparePublished(verified, options.published),
    signature: options.publicKey === undefined ? undefined : await checkStatement(verified, folder, options.publicKey),
  };
  const { manifest: _manifest, evidence: _evidence, ...told } = verified;
  printResult(
    options,
    { ...told, compared },
    [
      'holds: key, draws, cosines, statistics and p-values were computed again',
      '',
      ...looksText(verified),
      ...voidText(verified),
      '',
      ...comparedText(verified, compared, existsSync(join(folder, statementFile))),
    ].join('\n'),
  );
}

function compareCommitment({ commitment }: Verified, { hex, whole }: PublicCommitment): Compared['commitment'] {
  if (hex !== commitment.commitment) {
    throw new InputError(
      `${commitmentFile} is not the commitment that was made public: it has ${commitment.commitment}, public was ${hex}`,
    );
  }
  if (whole === undefined) return 'key and manifest';
  if (commitmentText(whole) === commitmentText(commitment)) return 'all';
  throw new InputError(
    `${commitmentFile} is not the commitment that was made public: plan, published corpus, candidates or beacon differ (${JSON.stringify(commitment.plan)}, ` +
      `public was ${JSON.stringify(whole.plan)})`,
  );
}

async function compareAnnouncement({ commitment }: Verified, path: string): Promise<true> {
  verifyAnnouncement(commitment, await readCommitment(path), path);
  return true;
}

async function compareLooks({ looks }: Verified, what: VerifiedLook['knownBy'], path: string): Promise<number[]> {
  const found = await sha256File(path).catch((cause: NodeJS.ErrnoException) => {
    throw new InputError(`--${what} ${path} cannot be read (${cause.code})`, { cause });
  });
  const known = looks.filter(({ knownBy }) => knownBy === what);
  const numbers = known.filter(({ suspectSha256 }) => suspectSha256 === found).map(({ number }) => number);
  if (numbers.length > 0) return numbers;
  const theirs = known.map(({ suspectSha256 }) => suspectSha256).join(', ') || `no ${what}`;
  throw new InputError(`--${what} ${path} has SHA-256 ${found}; the bundle is about ${theirs}`);
}

async function checkAnswers(verified: Verified, key: MarkingKey, path: string): Promise<number[]> {
  const numbers = await compareLooks(verified, 'answers', path);
  for (const number of numbers) await verifyAnswers(verified, key, number, path);
  return numbers;
}

async function comparePublished({ manifest, commitment }: Verified, dir: string): Promise<true> {
  const { checkPublished } = await import('../check-publication.ts');
  await checkPublished(dir, manifest, commitment.publishedDigest);
  return true;
}

async function checkStatement(verified: Verified, folder: string, publicKey: string): Promise<true> {
  const key = await readPublicKey(publicKey);
  const path = join(folder, statementFile);
  let value: unknown;
  try {
    value = JSON.parse(await readFile(path, 'utf8'));
  } catch (cause) {
    throw new InputError(`${path} cannot be read; "radiotracer sign" writes it (${(cause as Error).message})`, {
      cause,
    });
  }
  verifyStatement(parseEnvelope(value, statementFile), key, verified);
  return true;
}

function comparedText(
  { looks, commitment: { candidates, beacon } }: Verified,
  compared: Compared,
  isSigned: boolean,
): string[] {
  const { commitment, announcement, published, signature } = compared;
  const kinds = (['weights', 'answers'] as const).filter((what) => looks.some(({ knownBy }) => knownBy === what));
  return [
    beacon === undefined
      ? 'no beacon drew: whoever made the release could try many draws (docs/evidence.md)'
      : announcement === undefined
        ? `the beacon ${beacon} drew from candidates ${candidates}; NOT compared: what was announced before (--announcement)`
        : `the beacon ${beacon} drew, by the key, from the candidates, for the plan and in the round of the announcement given; see to ` +
          "it that this, and no other, was public before that round, and that the value is that round's (docs/evidence.md)",
    commitment === undefined
      ? 'NOT compared: the commitment with one that was public before the release (--commitment); until then it proves no order'
      : commitment === 'all'
        ? 'the commitment is the one given'
        : 'key and manifest are what the commitment given is to; it says nothing of test, level and looks',
    ...kinds.map((what) =>
      compared[what] === undefined
        ? `not compared: the ${what} of a suspect (--${what})`
        : `the ${what} given are those of look ${compared[what].join(', ')}` +
          (what === 'answers' ? ', whose losses were computed again from them' : ''),
    ),
    published === undefined
      ? 'not compared: the published corpus (--published)'
      : 'the published corpus given is the one committed to',
    ...(signature ? ['the statement is signed with the key given'] : []),
    ...(isSigned && !signature ? ['not checked: the signed statement (--public-key)'] : []),
  ];
}
