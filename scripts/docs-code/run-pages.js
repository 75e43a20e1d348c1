import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { inTemporaryDirectory } from '../pack.js';

const RUNNER = join(import.meta.dirname, 'page-runner.js');
/** Lets Node run TypeScript. */
const TYPESCRIPT = import.meta.resolve('tsx');
const LIMIT = 600_000; // ms

/**
 * Runs the blocks of each page in order. Pages share a process. Where a block ends it, the next page begins another one.
 * @param {readonly (readonly string[])[]} pages the modules of each page
 * @returns {Map<string, string>} what went wrong, by module
 */
export function runPages(pages) {
  /** @type {Map<string, string>} */
  const faults = new Map();
  for (let rest = pages; rest.some((page) => page.length > 0);) {
    const { reports, message } = inOneProcess(rest);
    for (const { path, error } of reports) if (error) faults.set(path, error);
    const stopped = rest.flat()[reports.length];
    if (stopped === undefined) break;
    faults.set(stopped, message);
    rest = rest.slice(rest.findIndex((page) => page.includes(stopped)) + 1);
  }
  return faults;
}

/** @param {readonly (readonly string[])[]} pages */
const inOneProcess = (pages) =>
  inTemporaryDirectory((directory) => {
    const { output, stderr, error } = spawnSync(
      process.execPath,
      ['-C', '@polytask/source', '--import', TYPESCRIPT, RUNNER, directory, JSON.stringify(pages)],
      { encoding: 'utf8', stdio: ['ignore', 'ignore', 'pipe', 'pipe'], timeout: LIMIT },
    );
    /** @type {{ path: string, error: string }[]} */
    const reports = (output?.[3] ?? '')
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line));
    return { reports, message: error?.message ?? `The process ended here. ${stderr}` };
  });
