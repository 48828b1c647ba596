import type { Command } from 'commander';

/** Shells that {@link completionScript} knows. */
export type Shell = 'bash' | 'zsh' | 'fish';

interface Node {
  readonly path: string;
  readonly words: readonly (readonly [word: string, description: string])[];
}

/** A script that completes commands and flags, made from the commands themselves. */
export function completionScript(program: Command, shell: Shell): string {
  const nodes = collect(program, '');
  if (shell === 'fish') return fish(nodes);
  return shell === 'bash' ? bash(nodes) : zsh(nodes);
}

function collect(command: Command, path: string): readonly Node[] {
  const children = command.commands.filter((child) => child.name() !== 'help') as readonly Command[];
  const flags = command.options
    .filter(({ hidden, long }) => !hidden && long !== undefined && long !== null)
    .map(({ description, long }) => [long as string, description] as const);
  const words = [
    ...children.map((child) => [child.name(), child.description()] as const),
    ...(children.length > 0 ? [] : flags),
  ];
  return [{ path, words }, ...children.flatMap((child) => collect(child, `${path} ${child.name()}`))];
}

/** Longest path first: `keys generate` before `keys` before nothing. */
function cases(nodes: readonly Node[], assign: (node: Node) => string): string {
  return nodes
    .slice()
    .sort((a, b) => b.path.length - a.path.length)
    .map((node) => `    "${node.path}"*) ${assign(node)} ;;`)
    .join('\n');
}

const wordsOf = ({ words }: Node): string => words.map(([word]) => word).join(' ');

function bash(nodes: readonly Node[]): string {
  return `# kivyx completion for bash. Use: source <(kivyx completion bash)
_kivyx() {
  local cur="\${COMP_WORDS[COMP_CWORD]}" line="" choices="" i
  for ((i = 1; i < COMP_CWORD; i++)); do
    [[ "\${COMP_WORDS[i]}" == -* ]] && break
    line="$line \${COMP_WORDS[i]}"
  done
  case "$line" in
${cases(nodes, (node) => `choices="${wordsOf(node)}"`)}
  esac
  COMPREPLY=($(compgen -W "$choices" -- "$cur"))
}
complete -o default -F _kivyx kivyx
`;
}

function zsh(nodes: readonly Node[]): string {
  return `#compdef kivyx
# kivyx completion for zsh. Use: source <(kivyx completion zsh)
_kivyx() {
  local line="" i
  local -a choices
  for ((i = 2; i < CURRENT; i++)); do
    [[ "\${words[i]}" == -* ]] && break
    line="$line \${words[i]}"
  done
  case "$line" in
${cases(nodes, (node) => `choices=(${wordsOf(node)})`)}
  esac
  compadd -- $choices
  _files
}
compdef _kivyx kivyx
`;
}

function fish(nodes: readonly Node[]): string {
  const quote = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
  const lines = nodes.flatMap(({ path, words }) => {
    const names = path.trim().split(' ').filter(Boolean);
    const seen = names.map((name) => `__fish_seen_subcommand_from ${name}`).join('; and ');
    return words.map(([word, description]) => {
      if (word.startsWith('--'))
        return `complete -c kivyx -n ${quote(seen)} -l ${word.slice(2)} -d ${quote(description)}`;
      const others = words.map(([other]) => other).join(' ');
      const open = `not __fish_seen_subcommand_from ${others}`;
      const condition = seen === '' ? '__fish_use_subcommand' : `${seen}; and ${open}`;
      return `complete -c kivyx -f -n ${quote(condition)} -a ${word} -d ${quote(description)}`;
    });
  });
  return `# kivyx completion for fish. Use: kivyx completion fish | source\n${lines.join('\n')}\n`;
}
