import type { Argument, Command, Option } from 'commander';

/** What a shell needs to know of a command to complete its words. */
export interface CompletionTree {
  readonly name: string;
  readonly description: string;
  readonly flags: readonly { readonly name: string; readonly description: string; readonly takesValue: boolean }[];
  /** Values of the first argument, where only some are valid. */
  readonly choices: readonly string[];
  readonly commands: readonly CompletionTree[];
}

/** The commands and flags of a program, as it knows them itself: completion cannot forget one. */
export function completionTree(command: Command): CompletionTree {
  const help = command.createHelp();
  const options = [...help.visibleOptions(command), ...help.visibleGlobalOptions(command)];
  return {
    name: command.name(),
    description: command.description(),
    flags: options.map(toFlag),
    choices: choicesOf(command.registeredArguments[0]),
    commands: help
      .visibleCommands(command)
      .flatMap((inner) => (inner.name() === 'help' ? [] : [completionTree(inner)])),
  };
}

function toFlag({ long, description, required, optional }: Option): CompletionTree['flags'][number] {
  return { name: long ?? '', description, takesValue: required || optional };
}

function choicesOf(argument: Argument | undefined): readonly string[] {
  return argument?.argChoices ?? [];
}
