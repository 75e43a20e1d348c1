import { packageTests } from '../../vitest.base.ts';

export default packageTests('faults', { isolate: true }); // a test changes Node's file system for its process
