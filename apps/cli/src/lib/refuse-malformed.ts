import type { EventEmitter } from 'node:events';
import type { Command } from 'commander';
import { oneLine } from './one-line.ts';

/**
 * Makes a command, and those below it, refuse what can be the value of no flag and no argument: nothing at all, which
 * would name the folder one is in; another flag; and a second value, of which one would be passed over in silence.
 * What commander itself refuses is told in one line, with the command that tells what would be valid.
 */
export function refuseMalformed(command: Command): void {
  const help = `${ancestors(command).join(' ')} --help`;
  command.configureOutput({
    outputError: (text, write) => write(`${oneLine(text).replace(/\.$/, '')}; "${help}" tells what is valid\n`),
  });
  const events = command as Command & EventEmitter; // which it is, though its types do not say so
  for (const option of command.options) {
    if (!option.required) continue; // it takes no value
    const refuse = (problem: string): never => command.error(`error: option '${option.flags}' ${problem}`);
    let isGiven = false;
    // Before commander's own listeners, which would say less.
    events.prependListener(`option:${option.name()}`, (value: string) => {
      if (isGiven && !option.variadic) refuse('is given twice');
      isGiven = true;
      if (value.trim() === '') refuse('is empty');
      if (value.startsWith('--')) refuse(`has no value: found the flag ${value}`);
    });
    events.prependListener(`optionEnv:${option.name()}`, (value: string) => {
      if (value.trim() === '') refuse(`is empty in the environment variable ${option.envVar}`);
    });
  }
  command.hook('preAction', (_, called) => {
    if (called !== command) return; // it is called for the commands below as well
    const empty = command.args.findIndex((value) => value.trim() === '');
    if (empty >= 0) command.error(`error: argument '${command.registeredArguments[empty]?.name()}' is empty`);
  });
  for (const inner of command.commands) refuseMalformed(inner);
}

/** Names of a command and those above it, outermost first. */
function ancestors(command: Command): string[] {
  return [...(command.parent ? ancestors(command.parent) : []), command.name()];
}
