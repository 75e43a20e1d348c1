import { packageTests } from '../vitest.base.ts';

// outside-package has tests and an installation of its own: `npm run check-create`
export default packageTests('examples', {
  include: ['**/*.test.ts'],
  exclude: ['outside-package/**', '**/node_modules/**'],
});
