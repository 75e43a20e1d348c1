import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SCOPE } from '../boundaries/floors.js';
import { INSTALL } from '../registry/project.js';
import { binary } from '../workspace.js';
import { programs } from './programs.js';

/** @typedef {import('../boundaries/manifest.js').Manifest} Manifest @typedef {import('../registry/project.js').Project} Project */

/** The most megabytes that `npm install polytask` may bring: with onnxruntime-node, which alone has 300, and without it. */
const MOST_MEGABYTES = { native: 400, others: 100 };

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

  'size with one ONNX Runtime': ({ directory }, { name }) => {
    if (name !== 'polytask') return null;
    const modules = join(directory, 'node_modules');
    if (existsSync(join(modules, 'onnxruntime-web'))) return 'onnxruntime-web is there, beside onnxruntime-node';
    const native = sizeOf(join(modules, 'onnxruntime-node'));
    const [all, others] = [sizeOf(modules) / 1e6, (sizeOf(modules) - native) / 1e6];
    return all < MOST_MEGABYTES.native && others < MOST_MEGABYTES.others
      ? ''
      : `${Math.round(all)} MB, and ${Math.round(others)} without onnxruntime-node: ${Object.values(MOST_MEGABYTES)} are allowed`;
  },

  'bench without onnxruntime-node': ({ directory, run, complaint }, { name }) => {
    if (name !== 'polytask') return null;
    rmSync(join(directory, 'node_modules', 'onnxruntime-node'), { recursive: true }); // as npm leaves it when its script fails
    const quick = ['--limit-rows', '100', '--epochs', '1', '--seeds', '1', '--models', 'single-task,adatt'];
    const bench = () => run('npx', 'polytask', 'bench', 'synthetic', ...quick);
    const eager = bench();
    const says = ['onnxruntime-node', 'onnxruntime-web'].every((each) => eager.stderr.includes(each));
    if (eager.status !== 0 || !eager.stdout.includes('on wasm') || !says) return `${eager.stdout}${eager.stderr}`;
    const failed = complaint('npm', ...INSTALL, '--omit=optional', 'onnxruntime-web');
    if (failed) return failed;
    const { status, stdout, stderr } = bench();
    return status === 0 && stdout.includes('on compiled-wasm') ? '' : `${stdout}${stderr}` || `exit code ${status}`;
  },

  'beside @tensorflow/tfjs': ({ complaint }, { name }) => {
    if (name !== 'polytask') return null;
    return complaint('npm', ...INSTALL, '@tensorflow/tfjs') || complaint(process.execPath, 'beside.mjs');
  },

  'schema for editors': ({ directory, complaint }, { name }) => {
    if (name !== 'polytask') return null;
    const rows = Array.from({ length: 200 }, (_, i) => `${i % 7},${i % 2}\n`);
    writeFileSync(join(directory, 'rows.csv'), `age,label\n${rows.join('')}`);
    const failed = complaint('npx', 'polytask', 'describe', 'rows.csv', '--out', 'rows.json');
    if (failed) return failed;
    const written = readFileSync(join(directory, 'rows.json'), 'utf8');
    return written.includes('"./node_modules/polytask/dist/dataset.schema.json"') ? '' : written;
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
