import { delimiter, join } from 'node:path';
import { installNode, installTools } from '../node-version.js';

/**
 * What a reader of the README has: a version of Node, and a package manager.
 * @typedef {{ node: string, manager: 'npm' | 'pnpm' }} Setup
 */

/**
 * Reads `24+pnpm`.
 * @param {string} text @returns {Setup}
 */
export function readSetup(text) {
  const [, node = '', manager] = /^(\d+)\+(npm|pnpm)$/.exec(text) ?? [];
  if (manager !== 'npm' && manager !== 'pnpm') throw new Error(`expected a setup such as 24+pnpm, received "${text}"`);
  return { node, manager };
}

/**
 * Installs what a setup needs beyond this process's Node and npm.
 * @param {Setup} setup @param {string} directory @param {NodeJS.ProcessEnv} env @returns {NodeJS.ProcessEnv} with it in the PATH
 */
export function install({ node, manager }, directory, env) {
  const bins = [
    ...(process.versions.node.split('.')[0] === node ? [] : [installNode(node, join(directory, 'node'))]),
    ...(manager === 'npm' ? [] : [join(installTools(join(directory, manager), manager), '.bin')]),
  ];
  return { ...env, PATH: [...bins, env['PATH']].join(delimiter) };
}

/** How pnpm's users read a README for npm: the README tells them so. */
const AS_PNPM = `npm() { if [ "$1" = install ]; then shift; pnpm add --ignore-scripts \${@#--ignore-scripts}; else command npm "$@"; fi; }
npx() { if [ -e "node_modules/.bin/$1" ]; then pnpm exec "$@"; else pnpm dlx "$@"; fi; }
`;

/** A comparison of minutes in seconds: all of its parts, on few rows. */
const QUICK = '--limit-rows 200 --epochs 1 --seeds 1';

/**
 * The text for bash that runs a command of the README.
 * @param {string} command @param {Setup} setup @param {{ quick: boolean }} options quick: comparisons on few rows
 */
export function shellText(command, { manager }, { quick }) {
  const text = quick
    ? command.replace(/\bpolytask bench\b/g, `$& ${QUICK}`).replace(/--minutes \d+/g, '--minutes 0.2')
    : command;
  return `${manager === 'pnpm' ? AS_PNPM : ''}${text}`;
}
