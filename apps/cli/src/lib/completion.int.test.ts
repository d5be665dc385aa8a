import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { runCommand } from '../../test/run-command.ts';
import { type CompletionTree, completionTree } from './completion-tree.ts';
import { createProgram } from './program.ts';
import { zshCompletion } from './zsh-completion.ts';

let folder: string;
let script: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'radiotracer-completion-'));
  const { code, stdout } = await runCommand(folder, 'completion', 'bash');
  expect(code).toBe(0);
  script = join(folder, 'radiotracer.bash');
  await writeFile(script, stdout);
});
afterAll(() => rm(folder, { recursive: true }));

/** What bash offers after words, of which the last is being typed. */
function offered(...words: readonly string[]): string[] {
  const program = `source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _radiotracer; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const flags = ['--norc', '--noprofile', '-euc'];
  const lines = execFileSync('bash', [...flags, program, 'bash', script, 'radiotracer', ...words], {
    encoding: 'utf8',
  });
  return lines.split('\n').filter((line) => line !== '');
}

test.each([
  [['ser'], ['server']],
  [['st'], ['study', 'status']],
  [
    ['server', ''],
    ['start', 'run', 'stop'],
  ],
  [['server', 'sta'], ['start']],
  [['--json', 'mar'], ['mark']],
  [
    ['mark', '--se'],
    ['--seed', '--set'],
  ],
  [['mark', '--corpus', 'my images', '--fr'], ['--fraction']],
  [['mark', '--out', 'server', '--det'], ['--detach']],
  [['server', 'stop', '--st'], ['--store']],
  [
    ['verify', 'bundle', '--pu'],
    ['--published', '--public-key'],
  ],
  [['keygen', '--js'], ['--json']],
  [
    ['completion', ''],
    ['bash', 'zsh'],
  ],
  [['mark', '--fractoin'], []],
])('bash, after %j: %j', (words, expected) => {
  expect(offered(...words).sort()).toEqual([...expected].sort());
});

test.each([
  ['the value of a flag', ['mark', '--corpus', '']],
  ['the value of a flag that begins like a command', ['mark', '--key', 'ma']],
  ['an argument', ['commit', '']],
])('bash is left to complete names of files where %s is due', async (_, words) => {
  expect(offered(...words)).toEqual([]);
  const how = execFileSync('bash', ['-c', 'source "$1"; complete -p radiotracer', 'bash', script], {
    encoding: 'utf8',
  });
  expect(how).toBe('complete -o default -F _radiotracer radiotracer\n');
});

/** A command and all below it. */
const all = (tree: CompletionTree): CompletionTree[] => [tree, ...tree.commands.flatMap(all)];

test('the program tells of every command, and of each that it takes --json and --quiet', () => {
  const [, ...commands] = all(completionTree(createProgram()));
  expect(commands.length).toBeGreaterThan(20);
  for (const { name, flags } of commands) {
    expect({ name, flags: flags.map((flag) => flag.name) }).toEqual({
      name,
      flags: expect.arrayContaining(['--json', '--quiet', '--help']),
    });
  }
});

test('the script for zsh has every command and flag, with what it does', () => {
  const tree = completionTree(createProgram());
  const zsh = zshCompletion(tree);
  const asShown = zsh.replace(/\\([[\]:])/g, '$1').replaceAll(`'\\''`, "'");
  for (const { name, commands, flags } of all(tree)) {
    for (const inner of commands) expect(asShown).toContain(`'${inner.name}:${inner.description}'`);
    for (const flag of flags)
      expect(asShown).toContain(`'${flag.name}[${flag.description}]${flag.takesValue ? ':' : "'"}`);
    expect(zsh).toMatch(new RegExp(`^_(radiotracer_)?(server_)?${name}\\(\\) \\{$`, 'm'));
  }
});

const hasZsh = spawnSync('zsh', ['--version']).status === 0;
if (!hasZsh) console.log('skips what needs zsh: there is none');

(hasZsh ? test : test.skip)('zsh reads its script', async () => {
  const file = join(folder, '_radiotracer');
  await writeFile(file, zshCompletion(completionTree(createProgram())));
  const program = 'compdef() { print "compdef $@"; }; source $1; typeset +fm "_radiotracer*"';
  const lines = execFileSync('zsh', ['-fc', program, 'zsh', file], { encoding: 'utf8' }).trimEnd().split('\n');
  const [told, ...functions] = lines;
  expect(told).toBe('compdef _radiotracer radiotracer');
  expect(functions).toHaveLength(all(completionTree(createProgram())).length);
});

test('--json gives the script in a document; another shell ends with 2', async () => {
  const { stdout } = await runCommand(folder, 'completion', 'zsh', '--json');
  expect(JSON.parse(stdout)).toEqual({ shell: 'zsh', script: expect.stringMatching(/^#compdef radiotracer\n/) });
  const { code, stderr } = await runCommand(folder, 'completion', 'fish');
  expect(stderr).toContain("'fish' is invalid for argument 'shell'. Allowed choices are bash, zsh");
  expect(code).toBe(2);
});
