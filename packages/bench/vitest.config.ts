import { packageTests } from '../../vitest.base.ts';

export default packageTests('bench', {
  exclude: ['src/**/*.isolated.test.ts'],
  globalSetup: '../../scripts/build/before-tests.js',
  setupFiles: 'src/index.ts', // components are listed in the order of their definition, whichever test comes first
});
