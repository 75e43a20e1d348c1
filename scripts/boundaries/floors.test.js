import { join } from 'node:path';
import { ESLint } from 'eslint';
import tseslint from 'typescript-eslint';
import { describe, expect, test } from 'vitest';
import { packages, ROOT } from '../workspace.js';
import { FLOORS, floorOf, SCOPE, TEST_FLOORS } from './floors.js';

/** @param {string} name */
const short = (name) => name.replace(SCOPE, '');
const published = packages();
/** @param {Record<string, string>[]} fields */
const siblingsIn = (...fields) =>
  Object.entries(Object.assign({}, ...fields)).filter(([name]) => name.startsWith(SCOPE));
/** @param {import('./manifest.js').Manifest} manifest */
const used = ({ dependencies = {}, peerDependencies = {} }) => siblingsIn(dependencies, peerDependencies);
/** @param {import('./manifest.js').Manifest} manifest */
const siblings = (manifest) => [...used(manifest), ...siblingsIn(manifest.devDependencies ?? {})];
/** @param {string} name @returns {readonly string[]} */
const testFloor = (name) => [...floorOf(name), ...(TEST_FLOORS[name] ?? [])];

describe('the table', () => {
  test('has a row for each package', () => {
    expect(published.map(({ manifest }) => short(manifest.name)).filter((name) => !FLOORS[name])).toEqual([]);
  });

  test('has no way back: no package reaches itself, not by way of tests either', () => {
    /** @param {string} name @returns {string[]} */
    const below = (name) =>
      [...(FLOORS[name] ?? []), ...(TEST_FLOORS[name] ?? [])].flatMap((used) => [used, ...below(used)]);
    for (const name of Object.keys(FLOORS)) expect(below(name)).not.toContain(name);
  });
});

describe.each(published.map(({ manifest }) => manifest))('$name declares', (manifest) => {
  test('only what its floor permits', () => {
    const home = short(manifest.name);
    expect(
      used(manifest)
        .map(([name]) => short(name))
        .filter((name) => !floorOf(home).includes(name)),
    ).toEqual([]);
    expect(
      siblings(manifest)
        .map(([name]) => short(name))
        .filter((name) => !testFloor(home).includes(name)),
    ).toEqual([]);
  });

  test('the version that its sibling has', () => {
    const versions = Object.fromEntries(published.map((one) => [one.manifest.name, one.manifest.version]));
    for (const [name, range] of siblings(manifest)) expect(range.replace(/^\^/, ''), name).toBe(versions[name]);
  });
});

describe('eslint', () => {
  const eslint = new ESLint({ cwd: ROOT, overrideConfig: tseslint.configs.disableTypeChecked });
  /** @param {string} file @param {string} code */
  const complaints = async (file, code) => {
    const [result] = await eslint.lintText(code, { filePath: join(ROOT, 'packages', file) });
    return result?.messages.map(({ ruleId, messageId }) => `${ruleId} ${messageId ?? ''}`.trim());
  };

  test.each([
    ['metrics/src/a.ts', "export { x } from '@polytask/core';", 'floor'],
    ['metrics/src/a.test.ts', "import { x } from '@polytask/core'; x();", 'floor'],
    ['core/src/a.ts', "export const x = await import('@polytask/experts');", 'floor'],
    ['gating/src/a.ts', "import type { X } from '@polytask/experts'; export const x: X = 1;", 'floor'],
    ['gating/src/a.ts', "export type X = import('@polytask/experts').X;", 'floor'],
    ['gating/src/a.ts', "export { x } from '@polytask/testing';", 'floor'],
    ['core/src/a.test.ts', "import { x } from '@polytask/testing'; x();", 'floor'],
    ['gating/src/a/b.ts', "export * from '../../../core/src/index.ts';", 'outside'],
    ['gating/src/a.ts', "export { x } from '@polytask/gating';", 'itself'],
  ])('%s: %s', async (file, code, messageId) => {
    expect(await complaints(file, code)).toEqual([`polytask/floors ${messageId}`]);
  });

  test('a use that the floor permits but package.json does not declare', async () => {
    const [home, used] =
      published
        .map(({ manifest }) => {
          const declared = siblings(manifest).map(([name]) => short(name));
          return [short(manifest.name), floorOf(short(manifest.name)).find((name) => !declared.includes(name))];
        })
        .find(([, name]) => name) ?? [];
    if (!home) return;
    expect(await complaints(`${home}/src/a.ts`, `export { x } from '@polytask/${used}';`)).toEqual([
      'polytask/floors undeclared',
    ]);
  });

  test('what is in order passes', async () => {
    expect(
      await complaints('gating/src/a.ts', "export { x } from '@polytask/core';\nexport { y } from './b.ts';"),
    ).toEqual([]);
    expect(await complaints('gating/src/a.test.ts', "import { x } from '@polytask/gating'; x();")).toEqual([]);
    expect(await complaints('gating/src/a.test.ts', "import { x } from '@polytask/testing'; x();")).toEqual([]);
  });
});
