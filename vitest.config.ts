import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin, type ViteUserConfig } from 'vitest/config';
import { isNews, packageTests } from './vitest.base.ts';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const tests = (...packages: string[]) => packages.map((name) => `packages/${name}/src/**/*.test.ts`);

/** Tests that replace a module or Node's file system, define components, or ask which there are: each file by itself. */
const isolated = 'packages/*/src/**/*.isolated.test.ts';

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
    exclude: [isolated],
  }),
  packageTests('bench', {
    include: tests('bench', 'faults', 'study'),
    exclude: [isolated],
    setupFiles: here('packages/bench/src/index.ts'), // components are listed in this order, whichever test comes first
    globalSetup: here('scripts/build/before-tests.js'),
  }),
  packageTests('isolated', {
    include: [isolated],
    isolate: true,
    globalSetup: here('scripts/build/before-tests.js'),
  }),
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
