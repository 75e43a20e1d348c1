import { packageTests } from '../../vitest.base.ts';

export default packageTests('study', { isolate: true }); // its tests ask which components there are
