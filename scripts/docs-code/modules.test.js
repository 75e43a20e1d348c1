import { expect, test } from 'vitest';
import { moduleOf, unknownNames } from './modules.js';
import { missingImports, withImports } from './with-imports.js';

test('a block exports what it declares, and its lines stay', () => {
  const text = 'const { a, b: [c] } = d;\nfunction e() {}\nexport interface F {}\nawait e();';
  const module = moduleOf('/page/line-1.ts', text);
  expect(module.text).toBe(
    'export const { a, b: [c] } = d;\nexport function e() {}\nexport interface F {}\nawait e();',
  );
  expect(module.names.toSorted()).toEqual(['F', 'a', 'c', 'e']);
});

test('a block lacks the names that it uses and does not declare', () => {
  const text =
    "import { a } from './a.ts';\nconst { b } = { b: 1 };\nconst f = (x: number) => a(x, b, c, { d });\nnew E<F>(f);";
  const unknown = unknownNames([moduleOf('/page/line-1.ts', text)]).get('/page/line-1.ts');
  expect([...(unknown ?? [])].toSorted()).toEqual(['E', 'F', 'c', 'd']);
});

test('names come from the latest earlier block of the page, or from a package', () => {
  const earlier = [moduleOf('/page/line-1.ts', 'const a = 1;'), moduleOf('/page/line-5.ts', 'const a = 2;')];
  const known = new Map([
    ['a', { from: '@polytask/core', isType: false }],
    ['Schema', { from: '@polytask/core', isType: true }],
  ]);
  const module = moduleOf('/page/line-9.ts', 'const schema: Schema = console.log(a);');
  expect(withImports(module, new Set(['a', 'Schema', 'console']), earlier, known)).toBe(
    "import { a } from './line-5.ts'; import { type Schema } from '@polytask/core'; export {}; " +
      'export const schema: Schema = console.log(a);\n',
  );
});

test('a block with imports must import what it takes from Polytask, unless an earlier block did', () => {
  const core = { from: '@polytask/core', isType: false };
  const known = new Map([
    ['adatt', core],
    ['mlp', core],
    ['binary', core],
    ['rows', { from: '/reader.ts', isType: false }],
  ]);
  const used = new Set(['mlp', 'binary', 'rows', 'console']);
  const program = moduleOf('/page/line-9.ts', "import { adatt } from '@polytask/core';\nadatt(mlp(), binary(rows));");
  expect(program.imports).toEqual(['adatt']);
  const earlier = [
    moduleOf('/page/line-1.ts', "import * as tf from 'tf';\nimport type { binary } from '@polytask/core';"),
  ];
  expect(missingImports(program, used, [], known).map(([name]) => name)).toEqual(['mlp', 'binary']);
  expect(missingImports(program, used, earlier, known)).toEqual([['mlp', '@polytask/core']]);
  expect(missingImports(moduleOf('/page/line-9.ts', 'adatt(mlp());'), used, [], known)).toEqual([]);
});
