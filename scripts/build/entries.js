import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/** @typedef {{ directory: string, manifest: import('../boundaries/manifest.js').Manifest }} Package */
/** @typedef {Record<string, string>} Entries built file without its extension, below `dist` → its source */

/** The condition under which a package.json names the source of a built file. */
const SOURCE = '@polytask/source';

/** The places where a package is used. A built file may differ from one to another, and so may its source. */
const PLACES = [['node'], ['browser'], []];

/** Files that are built although no package.json names them. @type {Record<string, (directory: string) => string[]>} */
const FURTHER_FILES = {
  // The program of `bin`, and the program that its worker processes run.
  '@polytask/bench': () => ['src/cli.ts', 'src/trial-worker.ts'],
  // A file for each balancer, so that a bundler leaves out those that a page doesn't use.
  '@polytask/balancing': (directory) =>
    readdirSync(join(directory, 'src'), { recursive: true })
      .map((file) => `src/${file}`)
      .filter((file) => /(?<!\.test)\.ts$/.test(file) && !file.startsWith('src/testing/')),
};

/** Files that are built with what they import from other packages. @type {Record<string, Entries>} */
const BUNDLED = {
  '@polytask/training': { 'gradients/bundled': './src/gradients/browser.ts' },
};

/**
 * The files that a package is built of. Those of its `exports` and `imports` also have declarations.
 * @param {Package} package_ @returns {{ named: Entries, further: Entries, bundled: Entries }}
 */
export function entriesOf({ directory, manifest }) {
  const targets = [...Object.values(manifest.exports ?? {}), ...Object.values(manifest.imports ?? {})];
  const bundled = BUNDLED[manifest.name] ?? {};
  /** @type {Entries} */
  const named = {};
  for (const target of targets)
    for (const place of PLACES) {
      const source = resolved(target, [...place, SOURCE]);
      const built = resolved(target, place);
      if (!source?.endsWith('.ts') || !built) continue;
      const name = /^\.\/dist\/(.+)\.js$/.exec(built)?.[1];
      if (name && bundled[name]) continue;
      const types = resolved(target, [...place, 'types']);
      if (!name || (named[name] ?? source) !== source)
        throw new Error(
          `${manifest.name}: ${source} can't be built as ${built}, only as a .js file of dist of its own`,
        );
      named[name] = source;
      if (!types?.endsWith('.d.ts')) throw new Error(`${manifest.name}: ${built} has no "types" in package.json`);
    }
  const files = FURTHER_FILES[manifest.name]?.(directory) ?? [];
  const further = files.map((file) => [file.replace(/^src\/|\.ts$/g, ''), `./${file}`]);
  return { named, further: Object.fromEntries(further.filter(([name]) => !named[name])), bundled };
}

/**
 * The file that a target of package.json stands for, as Node resolves it.
 * @param {unknown} target @param {readonly string[]} conditions @returns {string | undefined}
 */
function resolved(target, conditions) {
  if (typeof target === 'string') return target;
  return Object.entries(target ?? {})
    .filter(([condition]) => condition === 'default' || conditions.includes(condition))
    .map(([, choice]) => resolved(choice, conditions))
    .find((file) => file !== undefined);
}
