import { execFile, execFileSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { cp, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { commit, drawPublished, type MarkingKey, readKey, type PublicationManifest } from '@radiotracer/carriers';
import { type Evidence, judgeEvidence, markedDirection, recordedCosines } from '@radiotracer/detector/judge';
import { queriesOf } from '@radiotracer/detector/queries';
import { type Artifact, RunStore, runStage, sha256File } from '@radiotracer/store';
import type { DetectResult, MarkResult } from '@radiotracer/workflows';
import { makeWorld } from '../../test/bad-input/world.ts';
import type { Ended } from '../../test/run-command.ts';
import { leaveEvidence } from './leave-evidence.ts';

/*
 * From a marked corpus to what a third party is told, by the command as it was built; the looks are made up.
 */

let folder: string;
let key: MarkingKey;
beforeEach(async () => {
  folder = await makeWorld();
  key = await readKey(join(folder, 'my.key'));
});
afterEach(() => rm(folder, { recursive: true }));

const command = fileURLToPath(new URL('../../bin/radiotracer.js', import.meta.url));
const refuseHeavy = fileURLToPath(new URL('../../test/refuse-heavy.mjs', import.meta.url));

/** Runs the command in a process in which nothing can import TensorFlow or Temporal. */
function radiotracer(...args: string[]): Promise<Ended> {
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      ['--import', refuseHeavy, command, ...args],
      { cwd: folder },
      (_, stdout, stderr) => resolve({ code: child.exitCode, stdout, stderr }),
    );
  });
}

/** Looks at a made-up suspect, as `detect` does at its end. */
async function look(seed: number, knownBy: 'weights' | 'answers' = 'weights'): Promise<string | undefined> {
  const store = await RunStore.open(join(folder, 'store'));
  const marked = JSON.parse(await readFile(join(folder, 'marked/result.json'), 'utf8')) as MarkResult;
  const manifest = JSON.parse(
    await readFile(join(folder, 'marked/private/manifest.json'), 'utf8'),
  ) as PublicationManifest;
  const losses = evidenceOf(manifest, marked.publication.facts.commitment, seed);
  const evidence =
    knownBy === 'weights'
      ? { ...losses, views: 8, suspect: await ofWeights() }
      : { ...losses, suspect: await ofAnswers(manifest, losses), whiteBox: undefined };
  const artifact = (stage: string, file: string, value: object): Promise<Artifact<never>> =>
    runStage(
      {
        name: stage,
        version: 1,
        run: async (_, { outputDir }) => {
          await writeFile(join(outputDir, file), JSON.stringify(value));
          return {} as never;
        },
      },
      { seed },
      { store },
    );
  const model = {
    name: 'suspect',
    network: {} as never,
    evidence: await artifact('extractEvidence', 'evidence.json', evidence),
    verdict: await artifact(
      'judge',
      'verdict.json',
      judgeEvidence(evidence, { name: 'suspect', log10Level: -4, test: 'exact' }),
    ),
  };
  const input = { store: store.root, locations: { publication: join(folder, 'marked') }, marked };
  return leaveEvidence(store, { workflow: 'detect', out: folder, input }, {
    models: [model],
  } as unknown as DetectResult);
}

async function ofWeights(): Promise<Evidence['suspect']> {
  return { key: 'a'.repeat(64), weightsSha256: await sha256File(join(folder, 'suspect/weights.safetensors')) };
}

async function ofAnswers(
  manifest: PublicationManifest,
  { commitment, marked }: Pick<Evidence, 'commitment' | 'marked'>,
): Promise<Evidence['suspect']> {
  const losses = marked.suspectLoss.flat();
  const lines = queriesOf(manifest, key, commitment).map(({ id }, i) => `${JSON.stringify({ id, loss: losses[i] })}\n`);
  await writeFile(join(folder, 'answers.jsonl'), lines.reverse().join(''));
  const answersSha256 = await sha256File(join(folder, 'answers.jsonl'));
  return { key: 'b'.repeat(64), answers: 'losses', answersSha256 };
}

function evidenceOf({ images, versions, ...manifest }: PublicationManifest, commitment: string, seed: number) {
  const losses = (by: number): number[][] =>
    images.map(({ row }) => Array.from({ length: versions }, (_, v) => 2 + Math.sin(by * (7 * row + v + 1))));
  const weights = Float32Array.from({ length: 16 }, (_, i) => Math.cos(seed + i));
  const alignedWeights = Buffer.from(weights.buffer).toString('base64');
  const whiteBox = { dimension: 8, cosine: [null, null], alignedWeights, heldOutR2: 0.5 };
  const directions = [0, 1].map((label) => markedDirection(key, { images, versions, ...manifest }, label, 8));
  return {
    commitment,
    classNames: ['cat', 'dog'],
    marked: {
      label: images.map(({ label }) => label),
      group: images.map(({ row }) => row),
      published: images.map(({ published }) => published),
      suspectLoss: losses(seed),
      referenceLoss: losses(0.5),
    },
    unmarked: { label: [], suspectLoss: [] },
    whiteBox: { ...whiteBox, ...recordedCosines(whiteBox)?.(directions) },
  } satisfies Omit<Evidence, 'suspect'>;
}

test('commit, look, sign, verify: without TensorFlow or Temporal, and every part compared', async () => {
  expect(await look(1)).toBeUndefined(); // nothing was committed to
  const committed = await radiotracer('commit', 'marked', '--key', 'my.key', '--looks', '2');
  expect(committed).toMatchObject({ code: 0, stdout: expect.stringContaining('p ≤ 0.0001 over 2 looks at suspects') });
  await cp(join(folder, 'marked/commitment.json'), join(folder, 'public.json'));
  expect(await look(1)).toBe(join(folder, 'marked/evidence'));
  await look(2, 'answers');

  const keys = generateKeyPairSync('ed25519');
  await writeFile(join(folder, 'sign.pem'), keys.privateKey.export({ type: 'pkcs8', format: 'pem' }));
  await writeFile(join(folder, 'sign.pub'), keys.publicKey.export({ type: 'spki', format: 'pem' }));
  const signed = await radiotracer('sign', 'marked/evidence', '--key', 'my.key', '--signing-key', 'sign.pem');
  expect(signed).toMatchObject({ code: 0, stdout: expect.stringContaining('statement.dsse.json\nlook 1  suspect') });

  const verify = ['verify', 'marked/evidence', '--key', 'my.key'];
  const alone = await radiotracer(...verify);
  expect(alone.code).toBe(0);
  expect(alone.stdout).toContain('p counted over 2 looks (Holm); level 0.0001');
  expect(alone.stdout).toContain('NOT compared: the commitment');
  expect(alone.stdout).toContain('not compared: the answers of a suspect (--answers)');
  const all = await radiotracer(
    ...verify,
    ...['--commitment', 'public.json', '--weights', 'suspect/weights.safetensors', '--answers', 'answers.jsonl'],
    ...['--published', 'marked/published', '--public-key', 'sign.pub', '--json'],
  );
  expect(all.stderr).toBe('');
  const told = JSON.parse(all.stdout) as { compared: unknown; looks: unknown[] };
  expect(told.compared).toEqual({ commitment: 'all', weights: [1], answers: [2], published: true, signature: true });
  expect(told.looks).toHaveLength(2);
  expect(all.stdout).not.toContain('versionSha256'); // the manifest is no news, and may be large
  execFileSync('sha256sum', ['--check', '--quiet', 'SHA256SUMS'], { cwd: join(folder, 'marked/evidence') });

  // What is not as it was is named, and ends with 3.
  await cp(join(folder, 'ok.yaml'), join(folder, 'marked/published/train/cat/0.png'));
  await writeFile(
    join(folder, 'late.json'),
    (await readFile(join(folder, 'public.json'), 'utf8')).replace('"looks":2', '"looks":1'),
  );
  for (const [args, problem] of [
    [['--commitment', 'b'.repeat(64)], 'commitment.json is not the commitment that was made public'],
    [['--commitment', 'late.json'], 'plan, published corpus, candidates or beacon differ'],
    [['--weights', 'ok.yaml'], '--weights ok.yaml has SHA-256'],
    [['--answers', 'suspect/weights.safetensors'], '--answers suspect/weights.safetensors has SHA-256'],
    [['--published', 'marked/published'], '0.png'],
    [['--public-key', 'sign.pem.none'], 'sign.pem.none cannot be read (ENOENT)'],
  ] as [string[], string][]) {
    const { code, stdout, stderr } = await radiotracer(...verify, ...args);
    expect([code, stdout]).toEqual([3, '']);
    expect(stderr).toContain(problem);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  }
});

/** What `mark` leaves by a beacon: the same candidates, drawn anew. All versions of the world are alike. */
async function markBy(beacon: string): Promise<void> {
  const path = join(folder, 'marked/private/manifest.json');
  const manifest = JSON.parse(await readFile(path, 'utf8')) as PublicationManifest;
  const drawn = drawPublished(key, manifest, beacon);
  const images = manifest.images.map((image, i) => ({ ...image, published: drawn[i] }));
  const bytes = Buffer.from(JSON.stringify({ ...manifest, beacon, images }));
  await writeFile(path, bytes);
  const result = join(folder, 'marked/result.json');
  const marked = JSON.parse(await readFile(result, 'utf8')) as MarkResult;
  const publication = await runStage(
    {
      name: 'publish',
      version: 1,
      run: async (_, { outputDir }) => {
        await mkdir(join(outputDir, 'private'));
        await writeFile(join(outputDir, 'private/manifest.json'), bytes);
        return { ...marked.publication.facts, commitment: commit(key, bytes) };
      },
    },
    { beacon },
    { store: await RunStore.open(join(folder, 'store')) },
  );
  await writeFile(result, JSON.stringify({ ...marked, publication }));
}

test('what a beacon drew is committed to, and verified, as it was announced before', async () => {
  const committing = ['commit', 'marked', '--key', 'my.key'];
  const announced = await radiotracer(...committing, '--looks', '2', '--announce', 'drand.quicknet:27000000');
  expect(announced.stdout).toContain('before round drand.quicknet:27000000, and release nothing of this draw');
  await rename(join(folder, 'marked/commitment.json'), join(folder, 'announced.json'));
  const announcement = ['--announcement', 'announced.json'];
  const early = await radiotracer(...committing, '--looks', '2', ...announcement);
  expect(early).toMatchObject({ code: 3, stderr: expect.stringContaining('commitment.json names no beacon') });

  await markBy(`drand.quicknet:27000000:${'0f1e'.repeat(16)}`);
  const other = await radiotracer(...committing, ...announcement);
  expect(other).toMatchObject({ code: 3, stderr: expect.stringContaining('has looks 1; announced was 2') });
  const again = await radiotracer(...committing, '--looks', '2', '--announce', 'drand.quicknet:27000001');
  expect(again).toMatchObject({ code: 2, stderr: expect.stringContaining('but marked was drawn by drand.quicknet') });
  const committed = await radiotracer(...committing, '--looks', '2', ...announcement);
  expect(committed).toMatchObject({ code: 0, stdout: expect.stringContaining('by drand.quicknet:27000000:0f1e') });

  await look(1);
  const verify = ['verify', 'marked/evidence', '--key', 'my.key'];
  expect((await radiotracer(...verify)).stdout).toContain('NOT compared: what was announced before (--announcement)');
  const compared = await radiotracer(...verify, ...announcement);
  expect(compared.stdout).toContain('for the plan and in the round of the announcement given');
  const late = await radiotracer(...verify, '--announcement', 'marked/commitment.json');
  expect(late).toMatchObject({ code: 3, stderr: expect.stringContaining('marked/commitment.json is of a draw by') });
});

test('a plan is committed to once, of a publication that holds, and a level is not chosen afterwards', async () => {
  const commit = ['commit', 'marked', '--key', 'my.key'];
  expect((await radiotracer(...commit)).code).toBe(0);
  expect((await radiotracer(...commit)).code).toBe(0); // the same again
  const second = await radiotracer(...commit, '--set', 'level=0.05');
  expect(second).toMatchObject({ code: 2, stderr: expect.stringContaining('commits to another plan') });
  expect(second.stderr).toMatch(/found exact.*, p ≤ 0\.0001 over 1 look .*asked for exact.*, p ≤ 0\.05 over 1 look/);
  const another = await radiotracer(...commit, '--set', 'test=anytime');
  expect(another).toMatchObject({ code: 2, stderr: expect.stringContaining('commits to another plan') });
  const none = await radiotracer(...commit, '--looks', '0');
  expect(none).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('--looks: found "0", expected a whole number'),
  });
  const other = await radiotracer('commit', 'marked', '--key', 'other.key');
  expect(other).toMatchObject({ code: 3, stderr: expect.stringContaining('is not to key') });
  const misplaced = await radiotracer('verify', 'marked', '--key', 'my.key', '--weights', 'ok.yaml');
  expect(misplaced).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('--weights is for a bundle of evidence'),
  });
});
