import { printable } from '@polytask/components';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { inspect, parseArgs } from 'node:util';
import { CommanderError, Command } from 'commander';
import { built } from './command.ts';
import { COMMANDS } from './commands.ts';
import { withGuess } from './guesses.ts';
import { endWithReader, type Io, printableOutput, type Program, widthOf } from './io.ts';
import { installedPackage } from '../engines.ts';

/** Command lines for the end of the help. A test parses them. */
export const EXAMPLES = [
  'polytask describe people.csv --out people.json',
  'polytask train people.json --out people-model',
  'polytask predict people-model new.csv --out predictions.csv',
  'polytask bench people.json --models single-task,mmoe,adatt --seeds 5 --out results',
  'polytask bench people.json --import ./my-expert.ts --experts my-expert',
];

/** The program with its commands. @param called the commands to load. Of others, the help has name and description. Default: all */
export async function programOf(own: Program, called?: readonly string[]): Promise<Command> {
  const program = new Command('polytask')
    .description('Multi-task models on TensorFlow.js, compared under one harness.')
    .version(installedPackage('@polytask/bench')?.version ?? 'unknown')
    .option('--debug', 'show the stack of an error')
    .option('--import <names>', 'packages or files that define components, balancers or metrics, with commas between');
  finish(program, EXAMPLES);
  for (const [group, commands] of Object.entries(COMMANDS)) {
    for (const [name, { description, examples, load }] of Object.entries(commands)) {
      const command =
        !called || called.includes(name)
          ? built(name, await load(), { ...own, wholeProgram: () => programOf(own) })
          : new Command(name);
      program.addCommand(command.description(description).helpGroup(group));
      finish(command, examples);
    }
  }
  return program;

  function finish(command: Command, examples: readonly string[]): void {
    command
      .addHelpText('after', `\nExamples:\n${examples.map((line) => `  ${line}`).join('\n')}`)
      .configureHelp({ showGlobalOptions: true, subcommandTerm: (each) => each.name() })
      .exitOverride()
      .showHelpAfterError(`(polytask ${command === program ? '' : `${command.name()} `}--help says more)`)
      .configureOutput({
        writeOut: (text) => own.stdout.write(text),
        writeErr: (text) => own.stderr.write(printable(text)),
        outputError: (text, write) => write(withGuess(text, command.name())),
        getOutHelpWidth: () => widthOf(own.stdout),
        getErrHelpWidth: () => widthOf(own.stderr),
      });
  }
}

const DONE = 0;
const FAILED = 1;
const MISUSED = 2;

/** The `polytask` command. @returns the exit code: 0, 1 after a failure, 2 after a usage error, 130 after Ctrl-C */
export async function main(argv: readonly string[], streams: Io): Promise<number> {
  const { stdout: rowsOut, stderr } = streams;
  const io = { ...streams, rowsOut, stdout: printableOutput(rowsOut), stderr: printableOutput(stderr) };
  let code = DONE;
  let plugins: string[];
  try {
    plugins = await loadedPlugins(importsIn(argv));
  } catch (error) {
    io.stderr.write(`error: ${messageOf(error)}\n`);
    return FAILED;
  }
  const called = Object.values(COMMANDS).flatMap((commands) =>
    Object.keys(commands).filter((name) => argv.includes(name)),
  );
  const program = await programOf({ ...io, plugins, exit: (exitCode) => (code = exitCode) }, called);
  try {
    await program.parseAsync(argv, { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? DONE : MISUSED; // commander has written the message
    io.stderr.write(
      `${program.opts<{ debug?: boolean }>().debug ? printable(inspect(error)) : `error: ${messageOf(error)}`}\n`,
    );
    return FAILED;
  }
}

/** Runs the command of this process. Its reader may leave early, as `head` does. */
export async function runCommand(): Promise<void> {
  for (const output of [process.stdout, process.stderr]) endWithReader(output, process.exit);
  process.exitCode = await main(process.argv.slice(2), { stdout: process.stdout, stderr: process.stderr });
}

/** Imports the plugins of the configuration and of `--import`. Their module takes as long to load as a command, and most calls have none. */
async function loadedPlugins(imports: readonly string[]): Promise<string[]> {
  const configuration = ['ts', 'mts', 'js', 'mjs', 'json']
    .map((ending) => path.resolve(`polytask.config.${ending}`))
    .find((file) => existsSync(file));
  if (imports.length === 0 && configuration === undefined) return [];
  const { loadConfiguredPlugins, loadPlugins } = await import('../modules/imported-modules.ts');
  const configured = configuration === undefined ? [] : await loadConfiguredPlugins(configuration);
  return [...configured, ...(await loadPlugins(imports))];
}

/** The values of `--import`. Plugins must be there before the commands list what they know. */
function importsIn(argv: readonly string[]): string[] {
  const options = { import: { type: 'string', multiple: true } } as const;
  const given = parseArgs({ args: [...argv], options, strict: false }).values.import ?? [];
  return given.flatMap((value) => (typeof value === 'string' ? value.split(',') : [])).filter((name) => name !== '');
}

const messageOf = (error: unknown): string => printable(error instanceof Error ? error.message : String(error));
