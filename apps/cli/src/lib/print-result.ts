/** Options that every command takes. */
export interface GlobalOptions {
  /** Print the result as one JSON document on stdout. */
  readonly json?: true;
  /** No progress on stderr. */
  readonly quiet?: true;
}

/** The result of a command on stdout: for people, or as JSON for machines. */
export function printResult({ json }: GlobalOptions, value: unknown, text: string): void {
  process.stdout.write(json ? `${JSON.stringify(value, null, 2)}\n` : `${text}\n`);
}

/** What to tell of a run that has finished, whatever was asked of it. */
export function printFinished(
  options: GlobalOptions,
  { id, out }: { readonly id: string; readonly out: string },
): void {
  printResult(options, { id, state: 'completed', out }, `${id}: completed; its results are in ${out}`);
}
