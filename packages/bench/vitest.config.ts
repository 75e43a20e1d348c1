import { packageTests } from '../../vitest.base.ts';

export default packageTests('bench', { isolate: true }); // its tests ask which components there are
