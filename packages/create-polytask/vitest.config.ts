import { packageTests } from '../../vitest.base.ts';

export default packageTests('create-polytask');
