import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';

export interface CommandResult {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

const PROGRAM = path.join(import.meta.dirname, 'commands.fixture.js');

/** Runs commands of the build in one process: one for each takes a second longer. @param flags of Node */
export async function runCommands(
  commands: readonly (readonly string[])[],
  { cwd, flags = [] }: { readonly cwd?: string; readonly flags?: readonly string[] } = {},
): Promise<readonly CommandResult[]> {
  const { stdout } = await promisify(execFile)(process.execPath, [...flags, PROGRAM, JSON.stringify(commands)], {
    cwd,
  });
  return JSON.parse(stdout) as CommandResult[];
}
