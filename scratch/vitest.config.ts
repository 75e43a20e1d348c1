import { packageTests } from '../vitest.base.ts';
const c: any = packageTests('scratch'); c.test.include = ['*.test.ts']; export default c;
