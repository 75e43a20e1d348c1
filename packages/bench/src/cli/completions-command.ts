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

const namesOf = (program: Command) => program.commands.map((command) => command.name());

/** Completes commands, and after one, its options where a word begins with `-`. Other words are files. */
function bash(program: Command): string {
  const wordsOf = (command: Command) =>
    optionsOf(command)
      .map(({ long, short }) => long ?? short!)
      .join(' ');
  const cases = program.commands.map((each) => `      ${each.name()}) names= options+=' ${wordsOf(each)}'; break ;;`);
  // Not $2: zsh gives -- for an empty word.
  return `_polytask() {
  local word names='${namesOf(program).join(' ')}' options='${wordsOf(program)} --help'
  for word in "\${COMP_WORDS[@]:1:$((COMP_CWORD - 1))}"; do
    case "$word" in
${cases.join('\n')}
    esac
  done
  word="\${COMP_WORDS[COMP_CWORD]}"
  if [[ "$word" == -* ]]; then names="$options"; fi
  COMPREPLY=($(compgen -W "$names" -- "$word"))
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
    `complete -c polytask -n __polytask_command -f -a ${each.name()} -d ${quoted(each.description())}\n`,
    ...optionsOf(each).map(optionLine(` -n '__polytask_command ${each.name()}'`)),
  ]);
  return `function __polytask_command
  set -l commands (string match -r '^(?:${namesOf(program).join('|')})$' -- (commandline -opc))
  test "$commands[1]" = "$argv"
end
complete -c polytask -l help -s h -d 'show the help'
${[...program.options.map(optionLine('')), ...commandLines].join('')}`;
}

const SCRIPTS = {
  bash,
  fish,
  zsh: (program: Command) =>
    `(( $+functions[compdef] )) || { autoload -U compinit && compinit; }\nautoload -U bashcompinit && bashcompinit\n${bash(program)}`,
};
