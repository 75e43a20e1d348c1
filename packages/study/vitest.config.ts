import { packageTests } from '../../vitest.base.ts';

export default packageTests('study', {
  setupFiles: 'src/index.ts', // components are listed in the order of their definition, whichever test comes first
});
