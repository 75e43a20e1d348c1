import { printable } from '@polytask/study/internal';
import { CommanderError } from 'commander';
import { loadConfiguredPlugins, loadPlugins } from '../plugins.ts';
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
    plugins = [...(await loadConfiguredPlugins(process.cwd())), ...(await loadPlugins(importsIn(argv)))];
  } catch (error) {
    io.stderr.write(`error: ${messageOf(error)}\n`);
    return FAILED;
  }
  const program = programOf(io, plugins, (exitCode) => (code = exitCode));
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
