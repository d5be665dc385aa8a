import { join, resolve } from 'node:path';
import { writeFileAtomic } from '@radiotracer/store';
import { stringify } from 'yaml';
import { commandLine } from './command-line.ts';
import { ComputationError, UnreachableError } from './errors.ts';
import { lookNotes } from './leave-evidence.ts';
import { findResult, leaveResult } from './leave-result.ts';
import { newKeyText, type KeyFile } from './open-key.ts';
import { printResult, type GlobalOptions } from './print-result.ts';
import type { ProgressView } from './progress-view.ts';
import { machineNotes } from './machine-notes.ts';
import { runKinds, type RunInput, type RunKind, type RunName } from './run-kinds.ts';
import { checkRun, rememberRun, type RunRecord } from './run-record.ts';
import { runWorkflow } from './run-workflow.ts';
import { tableText } from './summary.ts';
import { workflowId } from './workflow-inputs.ts';
import { checkStore, openStoreHere } from './store-place.ts';

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
export interface Work<Name extends RunName> {
  readonly name: Name;
  readonly input: RunInput<Name>;
  /** Echoed into the folder of the run, where they can be used as a config file, or study file. */
  readonly settings?: object;
  /** The key that marks, which is told with the result. */
  readonly key?: KeyFile;
  /** Told when the run has started. */
  readonly note?: string;
  readonly keepServer?: boolean;
}

/** Runs a workflow to its end, copies its result into the folder of the run and prints it. */
export async function carryOut<Name extends RunName>(
  { name, input, settings, key, note, keepServer = false }: Work<Name>,
  view: ProgressView,
  options: RunOptions,
): Promise<void> {
  const { workflow, tell, problem } = runKinds[name] as unknown as RunKind<RunInput<Name>, object>;
  const { store } = input;
  const id = options.id ?? workflowId(name, input);
  const out = resolve(options.out ?? join('runs', id));
  const record: RunRecord = { id, workflow: name, out, input };
  await checkRun(store, record);
  await checkStore(store);
  if (key?.isNew) view.note(newKeyText(key));

  const onStarted = async (): Promise<void> => {
    if (note) view.note(note);
    await rememberRun(store, record);
    if (settings) await writeFileAtomic(join(out, 'config.resolved.yaml'), stringify(settings));
  };
  const { result, uiUrl } = await runWorkflow(workflow, input, { ...options, store, id, view, onStarted, keepServer })
    // Another command that watched the same run may have stopped the server when the run had succeeded.
    .catch(async (error: unknown) => {
      const result = error instanceof UnreachableError ? await findResult(out) : undefined;
      if (!result) throw error;
      return { result, uiUrl: undefined };
    });
  const shared: [string, string][] = [
    ['folder', out],
    ...(key ? [['key', `${key.path} (id ${key.keyId.slice(0, 16)}…)`] as [string, string]] : []),
    ...(uiUrl ? [['Temporal UI', uiUrl] as [string, string]] : []),
  ];
  const told = { id, out, key: key && { path: key.path, keyId: key.keyId }, uiUrl };
  if (result === undefined) {
    const status = commandLine(['status', id], options);
    return printResult(
      options,
      told,
      `started ${id} in the background; "${status}" tells how far it is\n${tableText(shared)}`,
    );
  }
  const opened = await openStoreHere(store);
  const left = await leaveResult(opened, record, result);
  const notes = [...(await machineNotes(opened, result)), ...(await lookNotes(Object.fromEntries(left)))];
  const text = [`\n${tell(result)}\n`, ...notes, tableText([...left, ...shared])].join('\n');
  printResult(options, { ...told, files: Object.fromEntries(left), notes, result }, text);
  const wentWrong = problem?.(result);
  if (wentWrong !== undefined) throw new ComputationError(wentWrong);
}
