import { readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { SCOPE } from '../boundaries/floors.js';
import { INSTALL } from '../registry/project.js';
import { binary } from '../workspace.js';
import { programs } from './programs.js';

/** @typedef {import('../boundaries/manifest.js').Manifest} Manifest @typedef {import('../registry/project.js').Project} Project */

/** The most megabytes that `npm install polytask` may bring beside the native runtime. */
const MOST_MEGABYTES = 250;

/**
 * Installs a package with its peers, the optional ones too, and writes the programs that the checks run. A package that warns about
 * the version of Node is wrong.
 * @param {Project} project @param {Manifest} manifest @returns {string} what is wrong, '' if nothing is
 */
export function install(project, manifest) {
  const { name, version, peerDependencies } = manifest;
  const dependencies = { ...peerDependencies, [name]: version };
  project.write({
    'package.json': JSON.stringify({ name: 'someone', private: true, dependencies }),
    ...programs(manifest),
  });
  const { status, stdout, stderr } = project.run('npm', ...INSTALL);
  return status !== 0 || stderr.includes('EBADENGINE') ? `${stdout}${stderr}` : '';
}

/**
 * What must hold of each package that is installed alone.
 * Each check says what is wrong, '' if nothing is, null where it doesn't apply.
 * @type {Record<string, (project: Project, manifest: Manifest) => string | null>}
 */
export const PACKAGE_CHECKS = {
  import: ({ complaint }) => complaint(process.execPath, 'import.mjs'),

  require: ({ complaint }) => complaint(process.execPath, '--disable-warning=ExperimentalWarning', 'require.cjs'),

  // TF.js 4.22's own declarations have errors: tfjs-layers extends what it can't, tfjs-core asks for a global Long.
  // With skipLibCheck off all others count, ours and those in whatever our declarations lead to.
  'tsc --strict': ({ run }) =>
    run(process.execPath, binary('tsc'), '-p', '.', '--pretty', 'false')
      .stdout.split(/\n(?! )/)
      .filter((error) => error && !error.startsWith('node_modules/@tensorflow/'))
      .join('\n'),

  'nothing else installed': ({ directory, run }, { name, dependencies, peerDependencies }) => {
    if (dependencies || peerDependencies) return null;
    const installed = run('npm', 'ls', '--all', '--parseable').stdout.trim().split('\n').slice(1);
    return installed.filter((path) => path !== join(directory, 'node_modules', name)).join('\n');
  },

  'node --test': ({ complaint }, { name }) =>
    name === `${SCOPE}testing` ? complaint(process.execPath, '--test', 'conformance.test.mjs') : null,

  'bench without onnxruntime-node': ({ directory, run }, { optionalDependencies, bin }) => {
    if (!bin || !optionalDependencies) return null;
    rmSync(join(directory, 'node_modules', 'onnxruntime-node'), { recursive: true }); // as npm leaves it when its script fails
    const quick = ['--limit-rows', '100', '--epochs', '1', '--seeds', '1', '--models', 'single-task,adatt'];
    const { status, stdout, stderr } = run('npx', 'polytask', 'bench', 'synthetic', ...quick);
    return status === 0 && stdout.includes('on compiled-wasm') ? '' : `${stdout}${stderr}` || `exit code ${status}`;
  },

  'size without onnxruntime-node': ({ directory }, { name }) => {
    if (name !== 'polytask') return null;
    rmSync(join(directory, 'node_modules', 'onnxruntime-node'), { recursive: true, force: true });
    const megabytes = sizeOf(join(directory, 'node_modules')) / 1e6;
    return megabytes < MOST_MEGABYTES ? '' : `${Math.round(megabytes)} MB, of ${MOST_MEGABYTES} allowed`;
  },

  'beside @tensorflow/tfjs': ({ complaint }, { name }) => {
    if (name !== 'polytask') return null;
    return complaint('npm', ...INSTALL, '@tensorflow/tfjs') || complaint(process.execPath, 'beside.mjs');
  },

  'bin --help': ({ complaint }, { bin }) =>
    bin
      ? Object.keys(bin)
          .map((name) => complaint('npx', name, '--help'))
          .join('')
      : null,
};

/** The bytes of the files of a folder. @param {string} directory @returns {number} */
const sizeOf = (directory) =>
  readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0);
