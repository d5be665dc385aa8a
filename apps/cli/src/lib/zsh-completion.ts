import type { CompletionTree } from './completion-tree.ts';

/** A zsh script that completes commands and flags with their descriptions, and names of files elsewhere. */
export function zshCompletion(tree: CompletionTree): string {
  const { name } = tree;
  return `#compdef ${name}
# zsh completion of ${name}: source <(${name} completion zsh), after compinit

${functionsOf(tree, `_${name}`).join('\n')}
if [[ $funcstack[1] == _${name} ]]; then
  _${name} "$@"
else
  compdef _${name} ${name}
fi
`;
}

/** A function for a command, and one for each below it. */
function functionsOf({ flags, commands, choices }: CompletionTree, name: string): string[] {
  const specs = flags.map((flag) => {
    const spec = `${flag.name}[${escaped(flag.description, '[]:')}]`;
    return quoted(flag.takesValue ? `${spec}:value:_files` : spec);
  });
  if (commands.length === 0) {
    const values = choices.length > 0 ? `1:value:(${choices.join(' ')})` : '*:file:_files';
    return [`${name}() {\n  _arguments ${[...specs, quoted(values)].join(' \\\n    ')}\n}\n`];
  }
  const described = commands.map((inner) => quoted(`${inner.name}:${escaped(inner.description, ':')}`));
  const cases = commands.map((inner) => `        ${inner.name}) ${name}_${inner.name} ;;`);
  return [
    `${name}() {
  local state line
  typeset -A opt_args
  _arguments -C ${[...specs, `'1:command:->command'`, `'*::argument:->argument'`].join(' \\\n    ')}
  case $state in
    command)
      local -a commands=(
        ${described.join('\n        ')}
      )
      _describe command commands ;;
    argument)
      case $line[1] in
${cases.join('\n')}
      esac ;;
  esac
}
`,
    ...commands.flatMap((inner) => functionsOf(inner, `${name}_${inner.name}`)),
  ];
}

function escaped(text: string, special: string): string {
  return [...text].map((character) => (special.includes(character) ? `\\${character}` : character)).join('');
}

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;
