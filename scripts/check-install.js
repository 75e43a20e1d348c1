/**
 * Installs each package alone in an empty project, as a user would, and uses it there:
 *
 *     node scripts/check-install.js [--packages core,metrics]
 *
 * The packages must have been built. Siblings come from their tarballs, everything else from the npm registry.
 * Prints a line a check; exits with 1 if one fails.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { SCOPE } from './boundaries/floors.js';
import { inTemporaryDirectory, pack } from './pack.js';
import { programs } from './install-programs.js';
import { binary, packages } from './workspace.js';

/** @typedef {import('./boundaries/manifest.js').Manifest} Manifest */

/** Each says what is wrong, '' if nothing is, null where it doesn't apply. @type {Record<string, (project: string, manifest: Manifest) => string | null>} */
const CHECKS = {
  import: (project) => complaint(project, process.execPath, 'import.mjs'),

  require: (project) => complaint(project, process.execPath, '--disable-warning=ExperimentalWarning', 'require.cjs'),

  // TF.js 4.22's own declarations have errors: tfjs-layers extends what it can't, tfjs-core asks for a global Long.
  // With skipLibCheck off all others count, ours and those in whatever our declarations lead to.
  'tsc --strict': (project) =>
    output(project, process.execPath, binary('tsc'), '-p', '.', '--pretty', 'false')
      .stdout.split(/\n(?! )/)
      .filter((error) => error && !error.startsWith('node_modules/@tensorflow/'))
      .join('\n'),

  'nothing else installed': (project, { name, dependencies, peerDependencies }) => {
    if (dependencies || peerDependencies) return null;
    const installed = output(project, 'npm', 'ls', '--all', '--parseable').stdout.trim().split('\n').slice(1);
    return installed.filter((path) => path !== join(project, 'node_modules', name)).join('\n');
  },

  'node --test': (project, { name }) =>
    name === `${SCOPE}testing` ? complaint(project, process.execPath, '--test', 'conformance.test.mjs') : null,

  'bench without onnxruntime-node': (project, { optionalDependencies, bin }) => {
    if (!bin || !optionalDependencies) return null;
    rmSync(join(project, 'node_modules', 'onnxruntime-node'), { recursive: true }); // as npm leaves it when its script fails
    const quick = ['--limit-rows', '100', '--epochs', '1', '--seeds', '1', '--models', 'single-task,adatt'];
    const { status, stdout, stderr } = output(project, polytask(project), 'bench', 'synthetic', ...quick);
    return status === 0 && stdout.includes('on compiled-wasm') ? '' : `${stdout}${stderr}` || `exit code ${status}`;
  },

  'bin --help': (project, { bin }) =>
    bin
      ? Object.keys(bin)
          .map((name) => complaint(project, join('node_modules', '.bin', name), '--help'))
          .join('')
      : null,
};

/** @param {string} project */
const polytask = (project) => join(project, 'node_modules', '.bin', 'polytask');

/** @param {string} cwd @param {string} command @param {string[]} args */
const output = (cwd, command, ...args) => spawnSync(command, args, { cwd, encoding: 'utf8' });

/** @param {string} cwd @param {string} command @param {string[]} args */
function complaint(cwd, command, ...args) {
  const { status, stdout, stderr, error } = output(cwd, command, ...args);
  return status === 0 ? '' : `${stdout ?? ''}${stderr ?? ''}` || String(error ?? `exit code ${status}`);
}

/** The package and all siblings that it stands on. @param {string} name @returns {string[]} */
function closure(name) {
  const { dependencies, peerDependencies } = manifests.get(name) ?? {};
  const below = Object.keys({ ...dependencies, ...peerDependencies }).filter((used) => manifests.has(used));
  return [...new Set([name, ...below.flatMap(closure)])];
}

/** @param {string} project @param {Manifest} manifest */
function install(project, manifest) {
  const siblings = closure(manifest.name).map((name) => [name, `file:${tarballs.get(name)}`]);
  const dependencies = { ...manifest.peerDependencies, ...Object.fromEntries(siblings) };
  mkdirSync(project);
  writeFileSync(join(project, 'package.json'), JSON.stringify({ name: 'someone', private: true, dependencies }));
  for (const [file, text] of Object.entries(programs(manifest))) writeFileSync(join(project, file), text);
  return complaint(project, 'npm', 'install', '--prefer-offline', '--no-audit', '--no-fund', '--ignore-scripts');
}

const { values } = parseArgs({ options: { packages: { type: 'string' } } });
const all = packages();
const manifests = new Map(all.map(({ manifest }) => [manifest.name, manifest]));
const chosen = values.packages?.split(',').map((name) => SCOPE + name.replace(SCOPE, '')) ?? [...manifests.keys()];
/** @type {Map<string, string>} */
const tarballs = new Map();
let failures = 0;

/** @param {string} name @param {string} check @param {string | null} wrong */
function report(name, check, wrong) {
  if (wrong === null) return;
  if (wrong) failures++;
  console.log(`${wrong ? '✗' : '✓'} ${name} ${check}${wrong ? `\n${wrong.trimEnd().replace(/^/gm, '    ')}` : ''}`);
}

inTemporaryDirectory((directory) => {
  for (const { manifest, directory: source } of all) tarballs.set(manifest.name, pack(source, directory).file);
  for (const name of chosen) {
    const manifest = manifests.get(name);
    if (!manifest) throw new Error(`there is no package ${name}, only ${[...manifests.keys()].join(', ')}`);
    inTemporaryDirectory((parent) => {
      const project = join(parent, 'project');
      const wrong = install(project, manifest);
      report(name, 'install', wrong);
      if (!wrong) for (const [check, find] of Object.entries(CHECKS)) report(name, check, find(project, manifest));
    });
  }
});
if (failures > 0) process.exitCode = 1;
