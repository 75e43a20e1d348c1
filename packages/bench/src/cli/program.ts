import { printable } from '@polytask/components/internal';
import { Command, Help, type Option } from 'commander';
import { installedPackage } from '../installed-package.ts';
import { COMMANDS, type Invocation } from './commands.ts';
import { widthOf } from './io.ts';

/** Command lines for the end of the help. A test parses them. */
export const EXAMPLES = [
  'polytask describe people.csv --out people.json',
  'polytask train people.json --out people-model',
  'polytask predict people-model new.csv --out predictions.csv',
  'polytask bench people.json --models single-task,mmoe,adatt --seeds 5 --out results',
  'polytask bench people.json --import ./my-expert.ts --experts my-expert',
];

/**
 * The program with its commands.
 *
 * @param called the names of the commands to load. Of the others, only the help of the program knows the names and descriptions. Default:
 * all
 */
export async function programOf(invocation: Invocation, called?: readonly string[]): Promise<Command> {
  const { io } = invocation;
  const program = new Command('polytask')
    .description('Multi-task models on TensorFlow.js, compared under one harness.')
    .version(installedPackage('@polytask/bench')?.version ?? 'unknown')
    .option('--debug', 'show the stack of an error')
    .option('--import <names>', 'packages or files that define components, balancers or metrics, with commas between');
  finish(program, EXAMPLES);
  for (const [group, commands] of Object.entries(COMMANDS)) {
    for (const [name, { description, examples, load }] of Object.entries(commands)) {
      const command = !called || called.includes(name) ? await load(invocation) : new Command(name);
      program.addCommand(command.description(description).helpGroup(group));
      finish(command, examples);
    }
  }
  return program;

  function finish(command: Command, examples: readonly string[]): void {
    for (const option of command.options) {
      if (typeof option.defaultValue === 'object') option.defaultValueDescription = defaultText(option.defaultValue);
    }
    command.addHelpText('after', `\nExamples:\n${examples.map((line) => `  ${line}`).join('\n')}`);
    refuseRepeatedLists(command);
    requireLater(command);
    command
      .configureHelp({ showGlobalOptions: true, groupItems: ownOptionsFirst, subcommandTerm: (each) => each.name() })
      .exitOverride()
      .showHelpAfterError(`(polytask ${command === program ? '' : `${command.name()} `}--help says more)`)
      .configureOutput({
        writeOut: (text) => io.stdout.write(text),
        writeErr: (text) => io.stderr.write(printable(text)),
        getOutHelpWidth: () => widthOf(io.stdout),
        getErrHelpWidth: () => widthOf(io.stderr),
      });
  }
}

/** Shows the options of a command before the groups that it has in common with others. */
function ownOptionsFirst<T extends Command | Option>(
  this: Help,
  all: T[],
  visible: T[],
  groupOf: (item: T) => string,
): Map<string, T[]> {
  const isOther = (item: T) => Number(groupOf(item) !== 'Options:');
  const sorted = all.toSorted((a, b) => isOther(a) - isOther(b));
  return Help.prototype.groupItems.call(this, sorted, visible, groupOf as (item: Command | Option) => string) as Map<
    string,
    T[]
  >;
}

/** Refuses a list that is there twice: one of the two would be lost without a word. Of other options the last one counts. */
function refuseRepeatedLists(command: Command): void {
  for (const option of command.options.filter(({ parseArg }) => parseArg && 'isList' in parseArg)) {
    let count = 0;
    command.on(`option:${option.name()}`, () => {
      if (++count === 2)
        command.error(`error: option '${option.flags}' is there twice. Write it once, with commas between: a,b`);
    });
  }
}

/** Checks required options after unknown ones, so that a typo is named first. */
function requireLater(command: Command): void {
  const required = command.options.filter(({ mandatory }) => mandatory);
  for (const option of required) option.mandatory = false;
  command.hook('preAction', () => {
    const missing = required.find((option) => command.getOptionValue(option.attributeName()) === undefined);
    if (missing) command.error(`error: required option '${missing.flags}' not specified`);
  });
}

/** The default of an option in the help text: a row appears by its name. */
const defaultText = (value: unknown): string => {
  if (Array.isArray(value)) return value.map(defaultText).join() || 'none';
  return typeof value === 'object' && value !== null && 'name' in value ? String(value.name) : String(value);
};
