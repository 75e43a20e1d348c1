import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

/**
 * Installs packages of npm for their commands, without a project.
 * @param {string} directory where to @param {string[]} packages @returns {string} their folder of packages
 */
export function installTools(directory, ...packages) {
  const options = ['install', '--prefix', directory, '--no-audit', '--no-fund', '--silent'];
  execFileSync('npm', [...options, ...packages], { stdio: 'inherit' });
  return join(directory, 'node_modules');
}

/**
 * Installs a version of Node, from the package of npm that holds its binaries for this machine.
 * @param {string} version such as `24` @param {string} directory where to @returns {string} the folder of `node`, for a PATH
 */
export function installNode(version, directory) {
  const name = `node-${process.platform}-${process.arch}`;
  return join(installTools(directory, `${name}@${version}`), name, 'bin');
}
