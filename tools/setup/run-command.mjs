import { spawn } from 'node:child_process';
import { SetupError } from './setup-error.mjs';

/**
 * Runs a command whose output the user sees.
 *
 * @param {string[]} command
 * @param {string} advice - what to do when it fails
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv }} [options]
 * @returns {Promise<void>}
 * @throws SetupError if it cannot start or exits with another code than 0
 */
export function runCommand([command = '', ...args], advice, options = {}) {
  return new Promise((resolve, reject) => {
    /** @param {string} how */
    const fail = (how) => reject(new SetupError(`${command} ${args[0]} ${args[1] ?? ''}: ${how}\n${advice}`));
    spawn(command, args, { ...options, stdio: ['ignore', 'inherit', 'inherit'] })
      .on('error', (error) => fail(error.message))
      .on('close', (code, signal) =>
        code === 0 ? resolve() : fail(signal ? `ended by ${signal}` : `exit code ${code}`),
      );
  });
}
