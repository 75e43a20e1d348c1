import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin, type ViteUserConfig } from 'vitest/config';
import { isNews, packageTests } from './vitest.base.ts';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const tests = (...packages: string[]) => packages.map((name) => `packages/${name}/src/**/*.test.ts`);

/** Tests that replace a module, define components from outside, or ask which there are: each file in a process of its own. */
const isolated = 'packages/bench/src/**/*.isolated.test.ts';

/** Components are listed in the order of their definition, whichever test comes first. */
const inOrder = (name: string) => ({ include: tests(name), setupFiles: here(`packages/${name}/src/index.ts`) });

/** What the name of a package stands for, hashed. */
const packagesKey = (): string => {
  const folders = ['packages', 'apps'].flatMap((parent) =>
    readdirSync(here(parent)).map((name) => `${parent}/${name}`),
  );
  const files = ['tsconfig.base.json', ...folders.map((folder) => `${folder}/package.json`)]
    .map(here)
    .filter(existsSync);
  const hash = createHash('sha256');
  for (const file of files) hash.update(`${file}\n`).update(readFileSync(file));
  return hash.digest('hex');
};
const key = packagesKey();

/** The part of a key that {@link keptByPackages} adds. All projects share this function, and Vitest calls it once. */
const keyOf = () => key;

/**
 * What is transformed is kept, for the other projects and for later runs. Vitest's key has the source, this file and the lock
 * file. It needs what the name of a package stands for, too. Vitest asks plugins of projects, and none of the root.
 */
const keptByPackages: Plugin = {
  name: 'polytask:kept-by-packages',
  configureVitest: ({ experimental_defineCacheKeyGenerator: defineKey }) => defineKey(keyOf),
};

/**
 * Packages of one project share processes, and what these have imported. Each package for itself would import the packages
 * below it anew. A package stays by itself where its tests ask which components there are.
 */
const projects: ViteUserConfig[] = [
  packageTests('foundations', {
    include: tests('balancing', 'boosting', 'components', 'core', 'create-polytask', 'graphs', 'metrics'),
  }),
  packageTests('library', {
    include: tests(
      ...['adatt', 'baselines', 'compile', 'data', 'experts', 'gating', 'polytask', 'reference', 'server', 'serving'],
      ...['testing', 'training'],
    ),
  }),
  packageTests('study', inOrder('study')),
  packageTests('bench', {
    ...inOrder('bench'),
    exclude: [isolated],
    globalSetup: here('scripts/build/before-tests.js'),
  }),
  packageTests('bench-isolated', { include: [isolated], isolate: true }),
  packageTests('faults', { include: tests('faults'), isolate: true }), // a test changes Node's file system for its process
  packageTests('programs', {
    include: ['apps/*/src/**/*.test.ts', 'examples/**/*.test.ts'],
    exclude: ['examples/outside-package/**', '**/node_modules/**'], // has an installation of its own: `npm run check-create`
  }),
  packageTests('scripts', {
    include: ['scripts/**/*.test.js'],
    exclude: ['**/node_modules/**'],
    globalSetup: here('scripts/build/before-tests.js'),
  }),
];

export default defineConfig({
  test: {
    projects: projects.map((project) => ({ ...project, plugins: [keptByPackages] })),
    maxWorkers: '100%', // Vitest's default leaves one of two cores idle
    experimental: { fsModuleCache: true, fsModuleCachePath: here('.nx/vitest') },
    onConsoleLog: isNews,
  },
});
