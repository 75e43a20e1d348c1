import { expect, it } from 'vitest';
import { COMPILERS, errorsThatCount, SETTINGS } from './compilers.js';

const OURS =
  "node_modules/@polytask/core/dist/index.d.ts(3,1): error TS2304: Cannot find name 'Tensor'.\n  Did you mean";
const OUTPUT = `node_modules/@tensorflow/tfjs-core/dist/hash_util.d.ts(2,49): error TS2304: Cannot find name 'Long'.
${OURS}
node_modules/@webgpu/types/dist/index.d.ts(8,1): error TS2717: Subsequent property declarations must have the same type.
  Property 'view'
node_modules/@typescript/typescript-linux-x64/lib/lib.dom.d.ts(904,11): error TS2300: Duplicate identifier 'GPUQueue'.
`;

/** @param {boolean} skipLibCheck */
const setting = (skipLibCheck) => ({ name: 'any', compiler: 'typescript5', options: { skipLibCheck } });

it('with skipLibCheck off, an error of TF.js and of what it declares twice does not count', () => {
  const failed = { status: 2, stdout: OUTPUT, stderr: '' };
  expect(errorsThatCount(failed, setting(false))).toBe(OURS);
  expect(errorsThatCount(failed, setting(true)).split('error TS')).toHaveLength(5);
});

it('a compiler that did not run is an error', () => {
  expect(errorsThatCount({ status: 0, stdout: '', stderr: '' }, setting(false))).toBe('');
  const missing = { status: 1, stdout: '', stderr: 'Cannot find module' };
  for (const skipLibCheck of [true, false])
    expect(errorsThatCount(missing, setting(skipLibCheck))).toBe('Cannot find module');
});

it('each compiler compiles with skipLibCheck on and off, for Node and for a bundler', () => {
  for (const compiler of Object.keys(COMPILERS)) {
    const options = SETTINGS.filter((each) => each.compiler === compiler).map((each) => each.options);
    for (const moduleResolution of ['nodenext', 'bundler'])
      for (const skipLibCheck of [true, false])
        expect(options).toContainEqual(expect.objectContaining({ moduleResolution, skipLibCheck }));
  }
});
