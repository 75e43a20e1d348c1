import { printable } from '@polytask/components/internal';
import { CommanderError } from 'commander';
import { configFileIn } from '../config-file.ts';
import { COMMANDS } from './commands.ts';
import { type Io, printableOutput } from './io.ts';
import { programOf } from './program.ts';

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
    plugins = await loadedPlugins(importsIn(argv));
  } catch (error) {
    io.stderr.write(`error: ${messageOf(error)}\n`);
    return FAILED;
  }
  const called = Object.values(COMMANDS).flatMap((commands) =>
    Object.keys(commands).filter((name) => argv.includes(name)),
  );
  const program = await programOf({ io, plugins, exit: (exitCode) => (code = exitCode) }, called);
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

/** Imports the plugins of the configuration and of `--import`. Their module takes as long to load as a command, and most calls have none. */
async function loadedPlugins(imports: readonly string[]): Promise<string[]> {
  if (imports.length === 0 && configFileIn(process.cwd()) === undefined) return [];
  const { loadConfiguredPlugins, loadPlugins } = await import('../plugins.ts');
  return [...(await loadConfiguredPlugins(process.cwd())), ...(await loadPlugins(imports))];
}

/** The values of `--import`. Plugins must be there before the commands list what they know. */
function importsIn(argv: readonly string[]): string[] {
  const values = argv.flatMap((arg, i) => {
    if (arg.startsWith('--import=')) return [arg.slice('--import='.length)];
    return arg === '--import' ? (argv[i + 1] ?? []) : [];
  });
  return values.flatMap((value) => value.split(',')).filter((name) => name !== '');
}

const messageOf = (error: unknown): string => printable(error instanceof Error ? error.message : String(error));

const stackOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  return `${error.stack ?? error.message}${error.cause === undefined ? '' : `\nCaused by ${stackOf(error.cause)}`}`;
};
