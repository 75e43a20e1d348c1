import { cp, mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { moduleCode } from './module-identity.ts';

/** A plugin that imports in each way, by its paths. */
const FILES: Readonly<Record<string, string>> = {
  'plugin.ts': `import { a } from './lib/a.js';
    export * from "./b";
    import './folder';
    import '#inner';
    import type { Shape } from 'shapes/deep';
    import fs from 'node:fs';
    const weights = new URL('./weights.bin', import.meta.url);
    const late = () => import(/* webpackChunkName: "late" */ './late.mjs');
    import { core } from '@polytask/core';
    import { linked } from 'linked';
    // from 'missing' and './missing.ts'`,
  'lib/a.ts': "import { b } from '../b.ts'; export const a = 1;",
  'b.ts': "import './plugin.ts'; export const b = 2;",
  'folder/index.ts': "export const folder = require('./common.cjs');",
  'folder/common.cjs': 'module.exports = 3;',
  'inner.ts': 'export {};',
  'late.mjs': 'export const late = 4;',
  'weights.bin': 'weights',
  'unused.ts': 'export {};',
  'package.json': '{ "name": "own", "imports": { "#inner": "./inner.ts" } }',
  'node_modules/shapes/package.json': '{ "name": "shapes", "version": "1.0.0", "private": true }',
  'node_modules/shapes/deep.js': 'export {};',
  'node_modules/@polytask/core/package.json': '{ "name": "@polytask/core", "version": "0.1.0" }',
};

let folder: string;
const at = (...names: string[]) => path.join(folder, ...names);
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'polytask-'));
  await write('one', FILES);
  await write('linked', { 'package.json': '{ "name": "linked", "main": "./index.js" }', 'index.js': 'export {};' });
  await symlink(at('linked'), at('one/node_modules/linked'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function write(name: string, files: Readonly<Record<string, string>>) {
  for (const [file, text] of Object.entries(files)) {
    await mkdir(path.dirname(at(name, file)), { recursive: true });
    await writeFile(at(name, file), text);
  }
}
const hash = async (name = 'one') => (await moduleCode(at(name, 'plugin.ts'))).sha256;

test('the code of a module is its file and all that it imports, wherever they are', async () => {
  const { name, sha256, files } = await moduleCode(pathToFileURL(at('one/plugin.ts')).href);
  expect(name).toBe('plugin.ts');
  expect(sha256).toMatch(/^[0-9a-f]{64}$/);
  const own = Object.keys(FILES).filter((file) => !/^(unused|package|node_modules)/.test(file));
  expect([...files].sort()).toEqual([...own.map((file) => at('one', file)), at('linked/index.js')].sort());
  await cp(at('one'), at('two/deeper'), { recursive: true, verbatimSymlinks: true });
  expect(await hash('two/deeper')).toBe(sha256);
  expect((await moduleCode(at('one/node_modules/shapes/deep.js'))).name).toBe('shapes/deep.js'.replace('/', path.sep));
});

const CHANGES = Object.entries(FILES).filter(([file]) => /\.(ts|cjs|mjs|bin)$/.test(file) && file !== 'unused.ts');
test.each([
  ...CHANGES.map(([file, text]) => ['one', file, text, `${text} `] as const),
  ['linked', 'index.js', 'export {};', 'export { };'] as const,
  ['one', 'node_modules/shapes/package.json', '1.0.0', '1.0.1'] as const,
])('an edit of %s/%s is other code', async (where, file, text, edited) => {
  const before = await hash();
  const original = where === 'one' ? FILES[file]! : text;
  await write(where, { [file]: original.replace(text, edited) });
  expect(await hash()).not.toBe(before);
  await write(where, { [file]: original });
  expect(await hash()).toBe(before);
});

test('an edit of what it doesn’t import is the same code, and so is another version of Polytask', async () => {
  const before = await hash();
  await write('one', {
    'unused.ts': 'export const more = 1;',
    'node_modules/shapes/deep.js': 'export const inside = 1;',
    'node_modules/@polytask/core/package.json': '{ "name": "@polytask/core", "version": "0.2.0" }',
  });
  expect(await hash()).toBe(before);
});

test('files that change places are other code', async () => {
  const before = await hash();
  await rename(at('one/late.mjs'), at('one/kept'));
  await rename(at('one/inner.ts'), at('one/late.mjs'));
  await rename(at('one/kept'), at('one/inner.ts'));
  expect(await hash()).not.toBe(before);
});
