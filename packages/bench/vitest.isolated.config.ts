import { packageTests } from '../../vitest.base.ts';

// tests that replace a module, define components from outside, or ask which there are: each file in a process of its own
export default packageTests('bench-isolated', { include: ['src/**/*.isolated.test.ts'], isolate: true });
