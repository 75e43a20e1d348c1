import { join } from 'node:path';
import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { inTemporaryDirectory, pack } from '../pack.js';
import { inProject } from '../registry/project.js';
import { packages } from '../workspace.js';
import { readManifest } from '../boundaries/manifest.js';
import { withVersion } from '../release/texts.js';

/**
 * @typedef {import('../registry/local-registry.js').LocalRegistry} LocalRegistry @typedef {import('../registry/project.js').Project} Project
 * @typedef {import('../boundaries/manifest.js').Manifest} Manifest
 */

const CORE = '@polytask/core';
/** The registry, which tells copies of one contract from those of another. */
const COMPONENTS = '@polytask/components';
/** A network, and what stands between it and core. */
const ADATT = ['@polytask/adatt', '@polytask/gating'];
const FIRST = /** @type {string} */ (packages().find(({ manifest }) => manifest.name === CORE)?.manifest.version);
const [major = 0, minor = 0, patch = 0] = FIRST.split('.').map(Number);
const PATCH = `${major}.${minor}.${patch + 1}`;
/** The next version with another contract between copies of core. */
const BREAKING = major > 0 ? `${major + 1}.0.0` : `0.${minor + 1}.0`;

/**
 * What must hold of a project when a release follows the one that it installed. The checks build on one another, in this order:
 * each makes the releases that it needs. Each says what is wrong, '' if nothing is.
 * @type {Record<string, (registry: LocalRegistry) => string>}
 */
export const RELEASE_CHECKS = {
  'a project that installed between them has one core': (registry) =>
    inProject(registry.env, (project) => {
      const first = npmInstall(project, CORE, '@polytask/experts', '@tensorflow/tfjs');
      release(registry, [COMPONENTS, CORE, ...ADATT], PATCH);
      return (
        first ||
        npmInstall(project, '@polytask/adatt') ||
        unlike(coresOf(project), [PATCH]) ||
        programFails(project, '@polytask/experts', 'mlp([4])')
      );
    }),

  'two copies of one contract work together': (registry) =>
    inProject(registry.env, (project) => installTwoCores(project, PATCH) || programFails(project, 'parts', 'affine()')),

  'two copies of different contracts are an error that names both, and the cure': (registry) =>
    inProject(registry.env, (project) => {
      release(registry, [COMPONENTS, CORE, '@polytask/experts', ...ADATT], BREAKING);
      const wrong = installTwoCores(project, BREAKING);
      if (wrong) return wrong;
      const message = programFails(project, 'parts', 'affine()');
      const cure = `npm ls ${COMPONENTS}`;
      const named = [
        `has version ${PATCH} (file:`, // the first core has the newest components of its contract
        `node_modules/parts/node_modules/${COMPONENTS}/`,
        `received version ${BREAKING} (file:`,
        `\`${cure}\``,
      ];
      const missing = named.filter((text) => !message.includes(text));
      if (missing.length > 0) return `The error lacks ${missing.join(', ')}:\n${message}`;
      const { stdout } = project.run('npm', ...cure.split(' ').slice(1));
      return [PATCH, BREAKING].every((version) => stdout.includes(`${COMPONENTS}@${version}`)) ? '' : stdout;
    }),
};

/** @param {Project} project @param {string[]} names */
const npmInstall = ({ complaint }, ...names) => complaint('npm', 'install', '--no-audit', '--no-fund', ...names);

/** The versions of core in a project, each copy once. @param {Project} project @returns {string[]} */
function coresOf({ run }) {
  const paths = run('npm', 'ls', '--all', '--parseable', '--long', CORE).stdout.trim().split('\n');
  return paths.map((line) => line.split(`:${CORE}@`)[1]?.split(':')[0] ?? line).sort();
}

/** @param {string[]} found @param {string[]} expected */
const unlike = (found, expected) =>
  found.join() === expected.join() ? '' : `expected ${CORE} ${expected}, received ${found}`;

/**
 * Installs a version of core, and an expert from a package that has the first version for itself: it asks for it as a dependency,
 * where core should be a peer.
 * @param {Project} project @param {string} version
 */
function installTwoCores(project, version) {
  const versions = [CORE, '@polytask/adatt'].map((name) => `${name}@${version}`);
  return inTemporaryDirectory((directory) => {
    project.write({ 'parts/package.json': JSON.stringify(PARTS), 'parts/index.js': PARTS_PROGRAM });
    const { file } = pack(join(project.directory, 'parts'), directory);
    return npmInstall(project, ...versions, '@tensorflow/tfjs', file) || unlike(coresOf(project), [FIRST, version]);
  });
}

const PARTS = {
  name: 'parts',
  version: '1.0.0',
  type: 'module',
  exports: './index.js',
  dependencies: { [CORE]: FIRST },
};
const PARTS_PROGRAM = `import { defineExpert, linear } from '${CORE}';
export const affine = defineExpert('affine', ({ inputDim, weight, bias }) => {
  const [w, b] = [weight('kernel', [inputDim, inputDim]), bias('bias', inputDim)];
  return { outputDim: inputDim, apply: (x) => linear(x, w, b) };
});
`;

/** Predicts with an AdaTT of these experts. @param {Project} project @param {string} module @param {string} expert */
function programFails({ complaint, write }, module, expert) {
  write({
    'program.mjs': `import '@tensorflow/tfjs';
import { adatt } from '@polytask/adatt';
import { binary, denseSchema, multiTaskModel } from '${CORE}';
import { ${expert.replace(/\(.*/, '')} } from '${module}';

const network = adatt({ levels: [{ experts: ${expert}, perTask: 1, shared: 1 }] });
const model = multiTaskModel({ schema: denseSchema(2, { click: binary(), like: binary() }), network, seed: 7 });
const { click } = model.predict([{ x: [0.1, 0.2] }]);
if (!(click[0] > 0 && click[0] < 1)) throw new Error('received ' + click);
`,
  });
  return complaint(process.execPath, 'program.mjs');
}

/**
 * Publishes built packages once more under another version. As after `npm run version`, they ask for one another by `^version`.
 * @param {import('../registry/local-registry.js').LocalRegistry} registry
 * @param {readonly string[]} names @param {string} version
 */
function release(registry, names, version) {
  for (const { directory: source, manifest } of packages()) {
    if (!names.includes(manifest.name)) continue;
    inTemporaryDirectory((directory) => {
      for (const part of ['bin', 'dist', 'README.md'].filter((name) => readdirSync(source).includes(name)))
        cpSync(join(source, part), join(directory, part), { recursive: true });
      writeFileSync(join(directory, 'package.json'), JSON.stringify(nextManifest(source, names, version)));
      if (manifest.name === '@polytask/components') rewriteVersion(join(directory, 'dist'), version);
      registry.publish(directory);
    });
  }
}

/** @param {string} source @param {readonly string[]} names @param {string} version @returns {Manifest} */
function nextManifest(source, names, version) {
  const { manifest } = readManifest(source);
  const { dependencies, peerDependencies } = manifest;
  /** @param {Record<string, string> | undefined} ranges */
  const next = (ranges = {}) =>
    Object.fromEntries(
      Object.entries(ranges).map(([name, range]) => [name, names.includes(name) ? `^${version}` : range]),
    );
  return { ...manifest, version, dependencies: next(dependencies), peerDependencies: next(peerDependencies) };
}

/** Errors name the version that the registry of components was built with. @param {string} dist @param {string} version */
function rewriteVersion(dist, version) {
  for (const file of readdirSync(dist).filter((name) => name.endsWith('.js'))) {
    const text = readFileSync(join(dist, file), 'utf8');
    writeFileSync(join(dist, file), withVersion(text, version));
  }
}
