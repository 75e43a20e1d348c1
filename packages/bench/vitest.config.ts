import { packageTests } from '../../vitest.base.ts';

export default packageTests('bench', { isolate: true }); // tests replace modules, and ask which components there are
