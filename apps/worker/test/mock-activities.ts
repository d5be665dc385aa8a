import { Context } from '@temporalio/activity';
import type { Artifact } from '@radiotracer/store';
import { type Activities, type StageName, type StageRequest, stageVersions } from '@radiotracer/workflows';

/** What a mocked stage does before it returns its artefact. */
export type Behaviour = (request: StageRequest) => Promise<void>;

/**
 * Activities that compute nothing: each returns an artefact whose key is the number of the call, after what `behave`
 * says for its step. `calls` has the step and the request of every call; `requestsOf` those of one
 * step, and `inputOf` the input of a step's first.
 *
 * @param marked - how many images are chosen
 */
export function mockActivities(
  behave: Readonly<Record<string, Behaviour>> = {},
  marked = 100,
): {
  readonly activities: Activities;
  readonly calls: readonly { readonly step: string; readonly request: StageRequest }[];
  readonly requestsOf: (step: string) => readonly StageRequest[];
  readonly inputOf: (step: string) => unknown;
} {
  const calls: { step: string; request: StageRequest }[] = [];
  const mock =
    (stage: StageName) =>
    async (request: StageRequest): Promise<Artifact> => {
      const step = Context.current().info.activityId;
      const key = String(calls.push({ step, request }));
      await behave[step]?.(request);
      return { stage, key, sha256: '0'.repeat(64), facts: { of: step, ...(stage === 'chooseImages' && { marked }) } };
    };
  const stages = Object.keys(stageVersions) as StageName[];
  const activities = Object.fromEntries(stages.map((stage) => [stage, mock(stage)])) as unknown as Activities;
  const requestsOf = (step: string): readonly StageRequest[] =>
    calls.filter((call) => call.step === step).map(({ request }) => request);
  return { activities, calls, requestsOf, inputOf: (step) => requestsOf(step)[0]?.input };
}

/** Runs until it is cancelled, as a long training does. */
export const untilCancelled: Behaviour = async () => {
  const context = Context.current();
  const beating = setInterval(() => context.heartbeat(), 100);
  await context.cancelled.finally(() => clearInterval(beating));
};
