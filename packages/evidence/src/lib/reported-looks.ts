import type { Evidence, Verdict } from '@radiotracer/detector/judge';
import { type Bundle, commitmentFile, lookFile, readBundle } from './bundle.ts';
import { type Commitment, parseCommitment } from './commitment.ts';
import { countLooks, type LookCount } from './count-looks.ts';
import { parseJson } from './parse-json.ts';
import { knowledgeOf, type VerifiedLook } from './verify-bundle.ts';

/** What a bundle says of its looks, counted, for its owner: nothing was computed again. */
export interface ReportedLooks extends Pick<LookCount, 'tests' | 'isAsPlanned'> {
  readonly commitment: Commitment;
  readonly looks: readonly Omit<VerifiedLook, 'evidenceSha256' | 'referenceLog10P'>[];
}

/** @throws VerificationError if a file is not what `SHA256SUMS` says */
export async function reportedLooks(folder: string): Promise<ReportedLooks> {
  const { files, looks } = await readBundle(folder);
  const commitment = parseCommitment((files.get(commitmentFile) as Buffer).toString('utf8'), commitmentFile);
  const reported = Array.from({ length: looks }, (_, i) => reportedLook(files, i + 1));
  const { looks: counted, tests, isAsPlanned } = countLooks(reported, commitment.plan);
  return {
    commitment,
    tests,
    isAsPlanned,
    looks: reported.map((look, i) => ({ ...look, ...(counted[i] as LookCount['looks'][number]) })),
  };
}

function reportedLook(
  files: Bundle['files'],
  number: number,
): Pick<VerifiedLook, 'number' | 'name' | 'knownBy' | 'suspectSha256' | 'sampleSize' | 'log10P'> {
  const [evidence, verdict] = (['evidence', 'verdict'] as const).map((file) => {
    const path = lookFile(number, file);
    return parseJson(files.get(path) as Buffer, path, 'a look');
  }) as [Evidence, Verdict];
  const { name, decisive } = verdict;
  const { sampleSize, log10P } = decisive;
  return { number, name, ...knowledgeOf(evidence), sampleSize, log10P };
}
