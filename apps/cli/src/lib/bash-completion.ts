import type { CompletionTree } from './completion-tree.ts';

/**
 * A bash script that completes commands and flags. Where neither is due, bash completes names of files: most values of
 * flags and most arguments are.
 */
export function bashCompletion(tree: CompletionTree): string {
  const { name } = tree;
  const all = withPaths(tree);
  const commands = all.filter(({ path }) => path !== '').map(({ path }) => `'${path}'`);
  const valued = new Set(all.flatMap(({ tree: { flags } }) => flags.flatMap((f) => (f.takesValue ? [f.name] : []))));
  const cases = all.map(({ path, tree: { flags, commands, choices } }) => {
    const words = [...commands.map((inner) => inner.name), ...choices].join(' ');
    return `    '${path}') words='${words}' flags='${flags.map((flag) => flag.name).join(' ')}' ;;`;
  });
  return `# bash completion of ${name}: source <(${name} completion bash)
_${name}() {
  local current=\${COMP_WORDS[COMP_CWORD]} command= words= flags= i
  COMPREPLY=()
  case \${COMP_WORDS[COMP_CWORD - 1]} in
    ${[...valued].join(' | ')}) return ;;
  esac
  for ((i = 1; i < COMP_CWORD; i++)); do
    case "\${command:+$command }\${COMP_WORDS[i]}" in
      ${commands.join(' | ')}) command="\${command:+$command }\${COMP_WORDS[i]}" ;;
    esac
  done
  case $command in
${cases.join('\n')}
  esac
  [[ $current == -* ]] && words=$flags
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
}
complete -o default -F _${name} ${name}
`;
}

/** A command and all below it, each with the words that lead to it: `server start`. */
function withPaths(tree: CompletionTree, path = ''): { path: string; tree: CompletionTree }[] {
  const below = tree.commands.flatMap((inner) => withPaths(inner, path === '' ? inner.name : `${path} ${inner.name}`));
  return [{ path, tree }, ...below];
}
