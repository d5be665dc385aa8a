#!/usr/bin/env node
import { CommanderError } from 'commander';
import { asCommandError, errorText, exitCodes } from './lib/errors.ts';
import { createProgram } from './lib/program.ts';

// Whoever reads the output, `head` for example, may have read enough.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

const program = createProgram();
try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) {
    // Commander has printed what is wrong, or the help that was asked for.
    process.exitCode = error.exitCode === 0 ? exitCodes.done : exitCodes.usage;
  } else {
    const told = asCommandError(error);
    process.exitCode = told.exitCode;
    console.error(program.opts()['debug'] ? error : errorText(told));
  }
}
