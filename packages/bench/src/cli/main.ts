import { printable } from '@polytask/study';
import { Command, CommanderError } from 'commander';
import { versions } from '../environment.ts';
import { takesList } from './arguments.ts';
import { benchCommand } from './bench-command.ts';
import { calibrateCommand } from './calibrate-command.ts';
import { describeCommand } from './describe-command.ts';
import { diagnoseCommand } from './diagnose-command.ts';
import { doctorCommand } from './doctor-command.ts';
import { driftCommand } from './drift-command.ts';
import { explainCommand } from './explain-command.ts';
import { exportCommand } from './export-command.ts';
import { fetchCommand } from './fetch-command.ts';
import { type Io, printableOutput } from './io.ts';
import { leaderboardCommand } from './leaderboard-command.ts';
import { listCommand } from './list-command.ts';
import { mergeCommand } from './merge-command.ts';
import { predictCommand } from './predict-command.ts';
import { referenceCommand } from './reference-command.ts';
import { loadConfiguredPlugins, loadPlugins } from '../plugins.ts';
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

const DONE = 0;
const FAILED = 1;
const MISUSED = 2;

/**
 * The `polytask` command.
 *
 * @param argv the arguments after the program's name
 * @returns the exit code: 0, 1 after a failure, 2 after a usage error, 130 after Ctrl-C
 */
export async function main(argv: readonly string[], streams: Io): Promise<number> {
  const io = { ...streams, stdout: printableOutput(streams.stdout), stderr: printableOutput(streams.stderr) };
  let code = DONE;
  let plugins: string[];
  try {
    plugins = [...(await loadConfiguredPlugins(process.cwd())), ...(await loadPlugins(importsIn(argv)))];
  } catch (error) {
    io.stderr.write(`error: ${messageOf(error)}\n`);
    return FAILED;
  }
  const program = new Command('polytask')
    .description('Multi-task models on TensorFlow.js, compared under one harness.')
    .version(versions()['@polytask/bench']!)
    .option('--debug', 'show the stack of an error')
    .option('--import <names>', 'packages or files that define components, balancers or metrics, with commas between')
    .addCommand(benchCommand(io, (exitCode) => (code = exitCode), plugins))
    .addCommand(scoreCommand(io))
    .addCommand(splitCommand(io, plugins))
    .addCommand(verifyCommand(io, (exitCode) => (code = exitCode), plugins))
    .addCommand(describeCommand(io))
    .addCommand(trainCommand(io, (exitCode) => (code = exitCode), plugins))
    .addCommand(calibrateCommand(io, plugins))
    .addCommand(explainCommand(io, plugins))
    .addCommand(diagnoseCommand(io, plugins))
    .addCommand(togetherCommand(io, (exitCode) => (code = exitCode), plugins))
    .addCommand(tradeOffsCommand(io, (exitCode) => (code = exitCode), plugins))
    .addCommand(listCommand(io))
    .addCommand(fetchCommand(io))
    .addCommand(exportCommand(io))
    .addCommand(predictCommand(io, (exitCode) => (code = exitCode)))
    .addCommand(serveCommand(io))
    .addCommand(driftCommand(io, () => (code = FAILED), plugins))
    .addCommand(workerCommand(io, plugins))
    .addCommand(statusCommand(io))
    .addCommand(leaderboardCommand(io))
    .addCommand(mergeCommand(io, (exitCode) => (code = exitCode)))
    .addCommand(timeCommand(io))
    .addCommand(referenceCommand(io, () => (code = FAILED)))
    .addCommand(doctorCommand(io, () => (code = FAILED)));
  for (const command of [program, ...program.commands]) {
    for (const option of command.options) {
      if (typeof option.defaultValue === 'object') option.defaultValueDescription = defaultText(option.defaultValue);
    }
    refuseRepeatedLists(command);
    requireLater(command);
    command
      .configureHelp({ showGlobalOptions: true })
      .exitOverride()
      .showHelpAfterError(`(polytask ${command === program ? '' : `${command.name()} `}--help says more)`)
      .configureOutput({
        writeOut: (text) => io.stdout.write(text),
        writeErr: (text) => io.stderr.write(printable(text)),
      });
  }
  try {
    await program.parseAsync(argv, { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? DONE : MISUSED; // commander has written the message
    io.stderr.write(
      `${program.opts<{ debug?: boolean }>().debug ? printable(stackOf(error)) : `error: ${messageOf(error)}`}\n`,
    );
    return FAILED;
  }
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

/** The values of `--import`. Plugins must be there before the commands list what they know. */
function importsIn(argv: readonly string[]): string[] {
  const values = argv.flatMap((arg, i) => {
    if (arg.startsWith('--import=')) return [arg.slice('--import='.length)];
    return arg === '--import' ? (argv[i + 1] ?? []) : [];
  });
  return values.flatMap((value) => value.split(',')).filter((name) => name !== '');
}

/** The default of an option in the help text: a row appears by its name. */
const defaultText = (value: unknown): string => {
  if (Array.isArray(value)) return value.map(defaultText).join() || 'none';
  return typeof value === 'object' && value !== null && 'name' in value ? String(value.name) : String(value);
};

const messageOf = (error: unknown): string => printable(error instanceof Error ? error.message : String(error));

const stackOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  return `${error.stack ?? error.message}${error.cause === undefined ? '' : `\nCaused by ${stackOf(error.cause)}`}`;
};
