import { packageTests } from '../vitest.base.ts';

export default packageTests('scripts', { include: ['**/*.test.js'] });
