import { packageTests } from '../vitest.base.ts';

export default packageTests('examples', { include: ['**/*.test.ts'] });
