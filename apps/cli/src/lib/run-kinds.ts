import { detect, experiment, mark, sweep, train, type Where } from '@radiotracer/workflows';
import { studyProblem, studyText } from './study-text.ts';
import { experimentText, markedText, trainedText, verdictsText } from './summary.ts';

/** A workflow that commands run, and what to tell first of its result. */
export interface RunKind<Input extends Where, Result extends object> {
  readonly workflow: (input: Input) => Promise<Result>;
  readonly tell: (result: Result) => string;
  /** The page that it leaves in its folder for people, if it leaves one. */
  readonly report?: string;
  /** What went wrong in a run that came to its end. */
  readonly problem?: (result: Result) => string | undefined;
}

/** By the name of the workflow. */
export const runKinds = {
  mark: { workflow: mark, tell: markedText },
  train: { workflow: train, tell: trainedText },
  detect: { workflow: detect, tell: verdictsText, report: 'report.html' },
  experiment: { workflow: experiment, tell: experimentText, report: 'report.html' },
  sweep: { workflow: sweep, tell: studyText, report: 'study.html', problem: studyProblem },
} as const;

export type RunName = keyof typeof runKinds;
export type RunInput<Name extends RunName> = Parameters<(typeof runKinds)[Name]['workflow']>[0];
