import { join, resolve } from 'node:path';
import { RunStore, writeFileAtomic } from '@radiotracer/store';
import type { Where } from '@radiotracer/workflows';
import { stringify } from 'yaml';
import { leaveResult } from './leave-result.ts';
import { printResult, type GlobalOptions } from './print-result.ts';
import type { ProgressView } from './progress-view.ts';
import { rememberRun, type RunRecord } from './run-record.ts';
import { runWorkflow } from './run-workflow.ts';
import type { Settings } from './settings.ts';
import { tableText } from './summary.ts';
import { workflowId } from './workflow-inputs.ts';

/** The flags of every command that runs a workflow. */
export interface RunOptions extends GlobalOptions {
  readonly store: string;
  readonly out?: string;
  readonly id?: string;
  readonly address?: string;
  readonly namespace: string;
  readonly detach?: true;
}

/** A workflow to run for a command. */
export interface Work<Input, Result> {
  readonly name: RunRecord['workflow'];
  readonly workflow: (input: Input) => Promise<Result>;
  readonly input: Input;
  /** Echoed into the folder of the run, where they can be used as a config file. */
  readonly settings?: Settings;
  /** What to tell first of the result. */
  readonly tell: (result: Result) => string;
  readonly keepServer?: boolean;
}

/** Runs a workflow to its end, copies its result into the folder of the run and prints it. */
export async function carryOut<Input extends Where, Result>(
  { name, workflow, input, settings, tell, keepServer = false }: Work<Input, Result>,
  view: ProgressView,
  options: RunOptions,
): Promise<void> {
  const { store } = input;
  const id = options.id ?? workflowId(name, input);
  const out = resolve(options.out ?? join('runs', id));
  const record: RunRecord = { id, workflow: name, out };
  await rememberRun(store, record);
  if (settings) await writeFileAtomic(join(out, 'config.resolved.yaml'), stringify(settings));

  const { result, uiUrl } = await runWorkflow(workflow, input, { ...options, store, id, view, keepServer });
  const ui: [string, string][] = uiUrl ? [['Temporal UI', uiUrl]] : [];
  if (result === undefined) {
    const hint = `started ${id} in the background; "radiotracer status ${id}" tells how far it is`;
    return printResult(options, { id, out, uiUrl }, [hint, tableText([['folder', out], ...ui])].join('\n'));
  }
  const left = await leaveResult(await RunStore.open(store), record, result);
  const text = `\n${tell(result)}\n\n${tableText([...left, ['folder', out], ...ui])}`;
  printResult(options, { id, out, uiUrl, files: Object.fromEntries(left), result }, text);
}
