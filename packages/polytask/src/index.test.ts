import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import * as everything from './index.ts';

const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8');
const { dependencies } = JSON.parse(read('../package.json')) as { dependencies: Record<string, string> };
const packages = Object.keys(dependencies).filter(
  (name) => name.startsWith('@polytask/') && name !== '@polytask/bench',
);

it.each(packages)('has every value that %s exports, and the same one', async (name) => {
  const exports = Object.entries((await import(name)) as Record<string, unknown>);
  expect(exports.length).toBeGreaterThan(0);
  for (const [key, value] of exports) expect((everything as Record<string, unknown>)[key], key).toBe(value);
});

it('leaves out in a page what needs Node', async () => {
  const inPage = Object.keys(await import('./browser.ts'));
  const inNode = [
    ...Object.keys(await import('@polytask/server')),
    'autoTrain',
    'calibrateFolder',
    'diagnoseFolder',
    'explain',
    'measureDrift',
    'tradeOffs',
    'train',
    'whichTogether',
  ];
  expect(inPage.filter((name) => inNode.includes(name))).toEqual([]);
  expect([...inPage, ...inNode].sort()).toEqual(Object.keys(everything).sort());
});
