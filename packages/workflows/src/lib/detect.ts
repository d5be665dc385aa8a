import type { DetectInput, DetectResult, JudgedModel, MarkResult } from './inputs.ts';
import { all, type Pending } from './pending.ts';
import { Steps } from './steps.ts';
import { hasLastLayer, type PendingSuspect, suspectStep } from './suspect-step.ts';

/** Judges whether models were trained on the published corpus, and writes the report. */
export async function detect(input: DetectInput): Promise<DetectResult> {
  const { keyId, log10Level, anytime } = input;
  const settings = { keyId, log10Level, ...(anytime && { anytime }) };
  return all<DetectResult>(detectSteps(new Steps(input), { ...input, settings }));
}

/** What `detectSteps` needs; the artefacts may still be being made. */
interface Detection extends Pick<DetectInput, 'keyId' | 'log10Level' | 'anytime' | 'title'> {
  readonly marked: Pending<MarkResult>;
  readonly models: readonly ({ readonly name: string } & PendingSuspect)[];
  /** Shown in the report. */
  readonly settings: unknown;
}

/** What is usual lies between them; it makes little difference where a suspect's own lies. */
const REFERENCE_DECAYS = [2.5e-4, 2.5e-3];

/** Declares the steps that judge models. */
export function detectSteps(
  steps: Steps,
  { keyId, log10Level, anytime, title, marked, models, settings }: Detection,
): Pending<DetectResult> {
  const stopping = anytime && { ...anytime, log10Level };
  const suspects = models.map((model) => ({
    name: model.name,
    suspect: suspectStep(steps, { keyId, marked, stopping }, model),
    besideReferences: hasLastLayer(model), // for white-box tests
  }));
  const train = Promise.resolve(marked.publication).then(() => marked.train); // what marking refuses comes to light first
  const references = suspects.some(({ besideReferences }) => besideReferences)
    ? steps.add('fit-references', 'fitReferences', async () => ({
        train: await train,
        markingNetwork: await marked.markingNetwork,
        weightDecays: REFERENCE_DECAYS,
      }))
    : undefined;
  const judged = suspects.map(({ name, suspect, besideReferences }) => {
    const evidence = steps.add(`extract-evidence-${name}`, 'extractEvidence', async () => ({
      keyId,
      suspect: await ('network' in suspect ? suspect.network : suspect.answers),
      markingNetwork: await marked.markingNetwork,
      ...(besideReferences && { references: await references }),
      versions: await marked.versions,
      publication: await marked.publication,
      train: await marked.train,
      test: await marked.test,
    }));
    const verdict = steps.add(`judge-${name}`, 'judge', async () => ({
      evidence: await evidence,
      name,
      log10Level,
      test: anytime ? ('anytime' as const) : ('exact' as const),
    }));
    return { name, ...suspect, evidence, verdict };
  });
  const allJudged = async (): Promise<JudgedModel[]> => Promise.all(judged.map((model) => all<JudgedModel>(model)));
  const calibration = steps.add('calibrate', 'calibrate', async () => ({
    models: (await allJudged()).map(({ name, evidence }) => ({ name, evidence })),
  }));
  const report = steps.add('write-report', 'writeReport', async () => ({
    title,
    settings,
    versions: await marked.versions,
    publication: await marked.publication,
    train: await marked.train,
    markingNetwork: await marked.markingNetwork,
    models: await allJudged(),
    calibration: await calibration,
  }));
  return { models: allJudged(), calibration, report };
}
