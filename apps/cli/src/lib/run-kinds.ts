import { detect, experiment, mark, train, type Where } from '@radiotracer/workflows';
import { experimentText, markedText, trainedText, verdictsText } from './summary.ts';

/** A workflow that commands run, and what to tell first of its result. */
export interface RunKind<Input extends Where, Result extends object> {
  readonly workflow: (input: Input) => Promise<Result>;
  readonly tell: (result: Result) => string;
}

/** By the name of the workflow. */
export const runKinds = {
  mark: { workflow: mark, tell: markedText },
  train: { workflow: train, tell: trainedText },
  detect: { workflow: detect, tell: verdictsText },
  experiment: { workflow: experiment, tell: experimentText },
} as const;

export type RunName = keyof typeof runKinds;
export type RunInput<Name extends RunName> = Parameters<(typeof runKinds)[Name]['workflow']>[0];
