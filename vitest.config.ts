import { defineConfig } from 'vitest/config';
import { isNews, packageTests } from './vitest.base.ts';

/**
 * Packages whose test files share processes, and what these have imported. Each package for itself would transform and import
 * the packages below it anew. A package stays outside where its tests ask which components there are.
 */
const TOGETHER: Readonly<Record<string, readonly string[]>> = {
  foundations: ['balancing', 'core', 'create-polytask', 'graphs', 'metrics'],
  library: [
    ...['adatt', 'baselines', 'data', 'experts', 'gating', 'polytask', 'reference', 'server', 'serving'],
    ...['testing', 'training'],
  ],
};
const shared = Object.values(TOGETHER).flat();

export default defineConfig({
  test: {
    projects: [
      ...Object.entries(TOGETHER).map(([name, packages]) =>
        packageTests(name, { include: packages.map((each) => `packages/${each}/src/**/*.test.ts`) }),
      ),
      '{packages,apps}/*/vitest{,.isolated}.config.ts',
      ...shared.map((each) => `!packages/${each}/vitest.config.ts`),
      '{examples,scripts}/vitest.config.ts',
    ],
    maxWorkers: '100%', // Vitest's default leaves one of two cores idle
    onConsoleLog: isNews,
  },
});
