import { defineConfig, type ViteUserConfig } from 'vitest/config';

/**
 * Tests read the sources of the other packages, so nothing has to be built before they run. A workspace package
 * resolves by the condition to a .ts file outside node_modules, which Vite transforms; TF.js stays outside and is
 * loaded by Node, once.
 *
 * The files of a package, and those of packages that the root's `vitest.config.ts` lists together, share a process and what it
 * has imported: importing TF.js and the packages anew for each file took longer than the tests. So a name is defined by one
 * test file only, and what needs a process of its own is `*.isolated.test.ts`.
 */
export const packageTests = (name: string, test: ViteUserConfig['test'] = {}) =>
  defineConfig({
    ssr: { resolve: { conditions: ['@polytask/source'] } },
    test: {
      ...{ name, include: ['src/**/*.test.ts'], isolate: false, tags: [SMOKE, LONG], onConsoleLog: isNews },
      ...{ testTimeout: 600_000, hookTimeout: 600_000 }, // against hangs; a machine may be busy with other things
      ...test,
    },
  });

/** A few tests of each kind that needs a browser or a server, which `.ci/run` runs; `npm run check:all` runs all. */
export const SMOKE = { name: 'smoke', description: 'npm run test:… -- --tags-filter smoke' };

/** Trainings of many steps, files of real size, and programs that are killed: `npm test` leaves them to `npm run test:all`. */
const LONG = { name: 'long', description: 'npm run test:all' };

/** TF.js greets every process that uses its cpu backend in Node. */
export const isNews = (log: string): boolean => !log.includes('you are running TensorFlow.js in Node.js');
