import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { PublicationManifest } from '@radiotracer/carriers';
import { addLooks, commitmentFile, commitmentText, makeCommitment, reportedLooks } from '@radiotracer/evidence';
import { type Store, writeFileAtomic } from '@radiotracer/store';
import type { DetectInput, DetectResult, ExperimentInput, ExperimentResult } from '@radiotracer/workflows';
import { looksText } from './looks-text.ts';
import { readCommitment } from './read-commitment.ts';
import type { RunRecord } from './run-record.ts';

/** Folder of the evidence of all looks under a key, in the folder of the publication. */
const evidenceFolder = 'evidence';

/**
 * Adds what a detection or an experiment found to the bundle of its publication.
 *
 * A detection does so where the publication has a commitment: without one, the evidence would convince nobody. An
 * experiment, which marks and looks in one go, commits to what it was told to do: its own level, and all its models.
 *
 * @returns the folder; undefined where nothing was committed to
 */
export async function leaveEvidence(
  store: Store,
  { workflow, out, input }: Omit<RunRecord, 'id'>,
  result: DetectResult,
): Promise<string | undefined> {
  const folder = workflow === 'experiment' ? out : input.locations['publication'];
  if (folder === undefined) return undefined;
  const publication =
    workflow === 'experiment' ? (result as ExperimentResult).publication : (input as DetectInput).marked.publication;
  const manifest = await readFile(join(await store.verify(publication), 'private', 'manifest.json'));
  const path = join(folder, commitmentFile);
  if (!existsSync(path)) {
    if (workflow !== 'experiment') return undefined;
    const { keyId, beacon } = JSON.parse(manifest.toString()) as PublicationManifest;
    const { commitment, publishedDigest, candidates } = publication.facts;
    const level = Number((10 ** (input as ExperimentInput).log10Level).toPrecision(12));
    const plan = { test: 'exact' as const, level, looks: result.models.length };
    await writeFileAtomic(
      path,
      commitmentText(makeCommitment({ commitment, publishedDigest, candidates, keyId, beacon }, plan)),
    );
  }
  const looks = result.models.map(async ({ evidence, verdict }) => ({
    evidence: await readFile(join(await store.verify(evidence), 'evidence.json')),
    verdict: await readFile(join(await store.verify(verdict), 'verdict.json')),
  }));
  const bundle = join(folder, evidenceFolder);
  await addLooks(bundle, { commitment: await readCommitment(path), manifest }, await Promise.all(looks));
  return bundle;
}

/** What to tell of all looks under the key, where there is more to tell than the verdict of one. */
export async function lookNotes({ evidence }: { readonly evidence?: string }): Promise<string[]> {
  if (evidence === undefined) return [];
  const reported = await reportedLooks(evidence);
  return reported.tests === 1 ? [] : looksText(reported);
}
