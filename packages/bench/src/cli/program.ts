import { printable } from '@polytask/study/internal';
import { Command, Help, type Option } from 'commander';
import { versions } from '../environment.ts';
import { takesList } from './arguments.ts';
import { benchCommand } from './bench-command.ts';
import { calibrateCommand } from './calibrate-command.ts';
import { describeCommand } from './describe-command.ts';
import { diagnoseCommand } from './diagnose-command.ts';
import { doctorCommand } from './doctor-command.ts';
import { driftCommand } from './drift-command.ts';
import { withExamples } from './examples.ts';
import { explainCommand } from './explain-command.ts';
import { exportCommand } from './export-command.ts';
import { fetchCommand } from './fetch-command.ts';
import { type Io, widthOf } from './io.ts';
import { leaderboardCommand } from './leaderboard-command.ts';
import { listCommand } from './list-command.ts';
import { mergeCommand } from './merge-command.ts';
import { predictCommand } from './predict-command.ts';
import { referenceCommand } from './reference-command.ts';
import { scoreCommand } from './score-command.ts';
import { serveCommand } from './serve-command.ts';
import { splitCommand } from './split-command.ts';
import { statusCommand } from './status-command.ts';
import { timeCommand } from './time-command.ts';
import { togetherCommand } from './together-command.ts';
import { tradeOffsCommand } from './trade-offs-command.ts';
import { trainCommand } from './train-command.ts';
import { verifyCommand } from './verify-command.ts';
import { workerCommand } from './worker-command.ts';

const FAILED = 1;

/**
 * The program with its commands.
 *
 * @param plugins the modules that are loaded
 * @param exit receives an exit code other than 0
 */
export function programOf(io: Io, plugins: readonly string[], exit: (code: number) => void): Command {
  const fail = () => exit(FAILED);
  const program = new Command('polytask')
    .description('Multi-task models on TensorFlow.js, compared under one harness.')
    .version(versions()['@polytask/bench']!)
    .option('--debug', 'show the stack of an error')
    .option('--import <names>', 'packages or files that define components, balancers or metrics, with commas between');
  const groups: Readonly<Record<string, readonly Command[]>> = {
    'Train and use a model:': [
      describeCommand(io),
      trainCommand(io, exit, plugins),
      predictCommand(io, exit),
      serveCommand(io),
      exportCommand(io),
      explainCommand(io, plugins),
      diagnoseCommand(io, plugins),
      calibrateCommand(io, plugins),
      driftCommand(io, fail, plugins),
    ],
    'Compare models:': [
      benchCommand(io, exit, plugins),
      scoreCommand(io),
      togetherCommand(io, exit, plugins),
      tradeOffsCommand(io, exit, plugins),
      leaderboardCommand(io),
      splitCommand(io, plugins),
      verifyCommand(io, exit, plugins),
    ],
    'On several machines:': [workerCommand(io, plugins), statusCommand(io), mergeCommand(io, exit)],
    'Look around and measure:': [
      listCommand(io),
      fetchCommand(io),
      doctorCommand(io, fail),
      timeCommand(io),
      referenceCommand(io, fail),
    ],
  };
  for (const [group, commands] of Object.entries(groups)) {
    for (const command of commands) program.addCommand(command.helpGroup(group));
  }
  for (const command of [program, ...program.commands]) {
    for (const option of command.options) {
      if (typeof option.defaultValue === 'object') option.defaultValueDescription = defaultText(option.defaultValue);
    }
    withExamples(command);
    refuseRepeatedLists(command);
    requireLater(command);
    command
      .configureHelp({ showGlobalOptions: true, groupItems: ownOptionsFirst })
      .exitOverride()
      .showHelpAfterError(`(polytask ${command === program ? '' : `${command.name()} `}--help says more)`)
      .configureOutput({
        writeOut: (text) => io.stdout.write(text),
        writeErr: (text) => io.stderr.write(printable(text)),
        getOutHelpWidth: () => widthOf(io.stdout),
        getErrHelpWidth: () => widthOf(io.stderr),
      });
  }
  return program;
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
  for (const option of command.options.filter(takesList)) {
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
