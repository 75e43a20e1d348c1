import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { inTemporaryDirectory } from '../pack.js';

/** npm's arguments for an installation that shows only what is wrong, and runs no script. */
export const INSTALL = ['install', '--prefer-offline', '--no-audit', '--no-fund', '--ignore-scripts'];

/**
 * An outsider's folder, and what they do there. It starts empty.
 *
 * @typedef {object} Project
 * @property {string} directory
 * @property {(files: Record<string, string>) => void} write writes files, by their path in the folder
 * @property {(path: string) => boolean} has whether there is such a file or folder
 * @property {(command: string, ...args: string[]) => { status: number | null, stdout: string, stderr: string }} run
 * @property {(command: string, ...args: string[]) => string} complaint what a command prints if it fails; '' if it succeeds
 */

/**
 * Calls `work` with a project that is gone afterwards.
 * @template T @param {NodeJS.ProcessEnv} env the environment of its commands @param {(project: Project) => T} work @returns {T}
 */
export const inProject = (env, work) =>
  inTemporaryDirectory((directory) => {
    /** @type {Project['run']} */
    const run = (command, ...args) => spawnSync(command, args, { cwd: directory, encoding: 'utf8', env });
    return work({
      directory,
      run,
      write: (files) => {
        for (const [path, text] of Object.entries(files)) {
          mkdirSync(dirname(join(directory, path)), { recursive: true });
          writeFileSync(join(directory, path), text);
        }
      },
      has: (path) => existsSync(join(directory, path)),
      complaint: (command, ...args) => {
        const { status, stdout, stderr } = run(command, ...args);
        return status === 0 ? '' : `${stdout ?? ''}${stderr ?? ''}` || `${command}: exit code ${status}`;
      },
    });
  });
