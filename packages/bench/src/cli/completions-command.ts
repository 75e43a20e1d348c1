import { oneOf } from '@polytask/components';
import type { Command } from 'commander';
import { argument, defineCommand } from './command.ts';

export const completions = defineCommand({
  options: { shell: argument('bash, zsh or fish', oneOf('bash', 'zsh', 'fish')) },
  async run({ shell }, { wholeProgram }) {
    return SCRIPTS[shell](await wholeProgram());
  },
  document: (script) => script,
});

const optionsOf = (command: Command) => command.options.filter(({ hidden }) => !hidden);

/** Completes the words after `polytask` by the commands, and what begins with `-` by the options of the command. Other words are files. */
function bash(program: Command): string {
  const wordsOf = (command: Command) =>
    optionsOf(command)
      .map(({ long, short }) => long ?? short!)
      .join(' ');
  const cases = program.commands.map((each) => `    ${each.name()}) words='${wordsOf(each)}' ;;`);
  const names = program.commands.map((each) => each.name()).join(' ');
  return `_polytask() {
  local words
  case "\${COMP_WORDS[1]}" in
${cases.join('\n')}
    *) words='${names}' ;;
  esac
  COMPREPLY=()
  if [[ "$2" == -* || "$COMP_CWORD" -eq 1 ]]; then COMPREPLY=($(compgen -W "$words ${wordsOf(program)} --help" -- "$2")); fi
}
complete -o default -F _polytask polytask
`;
}

function fish(program: Command): string {
  const quoted = (text: string) => `'${text.replaceAll(/['\\]/g, '\\$&')}'`;
  const optionLine =
    (when: string) =>
    ({ long, short, required, description }: ReturnType<typeof optionsOf>[number]) =>
      `complete -c polytask${when}${long ? ` -l ${long.slice(2)}` : ''}${short ? ` -s ${short.slice(1)}` : ''}` +
      `${required ? ' -r' : ''} -d ${quoted(description)}\n`;
  const commandLines = program.commands.flatMap((each) => [
    `complete -c polytask -n __fish_use_subcommand -a ${each.name()} -d ${quoted(each.description())}\n`,
    ...optionsOf(each).map(optionLine(` -n '__fish_seen_subcommand_from ${each.name()}'`)),
  ]);
  return [...program.options.map(optionLine('')), ...commandLines].join('');
}

const SCRIPTS = {
  bash,
  fish,
  zsh: (program: Command) =>
    `(( $+functions[compdef] )) || { autoload -U compinit && compinit; }\nautoload -U bashcompinit && bashcompinit\n${bash(program)}`,
};
