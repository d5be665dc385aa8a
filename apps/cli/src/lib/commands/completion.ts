import { bashCompletion } from '../bash-completion.ts';
import type { CompletionTree } from '../completion-tree.ts';
import { printResult, type GlobalOptions } from '../print-result.ts';
import { zshCompletion } from '../zsh-completion.ts';

const scripts = { bash: bashCompletion, zsh: zshCompletion };

export type Shell = keyof typeof scripts;

/** Prints the script that makes a shell complete commands and flags. */
export function completionCommand(tree: CompletionTree, shell: Shell, options: GlobalOptions): void {
  const script = scripts[shell](tree);
  printResult(options, { shell, script }, script.trimEnd());
}
