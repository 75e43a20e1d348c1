import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { inTemporaryDirectory } from '../pack.js';
import { fillFolder } from './fill-folder.js';

const RUNNER = join(import.meta.dirname, 'block-runner.js');
/** Lets Node run TypeScript. */
const TYPESCRIPT = import.meta.resolve('tsx');
const MINUTE = 60_000;

/**
 * Runs the blocks of a page in order, in one process and in a folder of their own.
 * @param {readonly string[]} paths the modules @returns {Map<string, string>} what went wrong, by module
 */
export function runBlocks(paths) {
  return inTemporaryDirectory((directory) => {
    fillFolder(directory);
    const { output, stderr, error } = spawnSync(
      process.execPath,
      ['-C', '@polytask/source', '--import', TYPESCRIPT, RUNNER, ...paths],
      { cwd: directory, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe', 'pipe'], timeout: 3 * MINUTE },
    );
    const reports = (output?.[3] ?? '')
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line));
    const faults = new Map(reports.filter((report) => report.error).map((report) => [report.path, report.error]));
    const stopped = paths[reports.length];
    if (stopped !== undefined) faults.set(stopped, error?.message ?? `the process ended here. ${stderr}`);
    return faults;
  });
}
