import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { defineLossBalancer } from '@polytask/balancing';
import { defineExpert, defineLoss, defineTask } from '@polytask/core';
import { defineMetric } from '@polytask/metrics';
import { contentKey, type TrialSpecSettings } from '@polytask/study';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadPlugins } from '../plugins.ts';
import { identityOf, importFile, modulesAt } from './imported-modules.ts';
import { outsideCode } from './outside-code.ts';

let folder: string;
const at = (name: string) => path.join(folder, name);
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'polytask-'));
  Object.assign(globalThis, {
    testPackages: { defineExpert, defineLoss, defineLossBalancer, defineMetric, defineTask },
  });
});
afterAll(async () => {
  Reflect.deleteProperty(globalThis, 'testPackages');
  await rm(folder, { recursive: true, force: true });
});

/** The model of a trial with these experts. */
const modelOf = (...names: string[]): TrialSpecSettings['model'] => ({
  network: { kind: 'network', name: 'adatt', config: { levels: names.map((name) => ({ experts: expertOf(name) })) } },
  rate: 1,
});
const expertOf = (name: string) => ({ kind: 'expert' as const, name, config: {} });
const balanced = (name: string): TrialSpecSettings['model'] => ({
  ...modelOf('mlp'),
  balancing: { kind: 'balancer', name, config: {} },
});

/** Writes a module that defines an expert. It has the packages of this process, which Vitest has loaded from their sources. */
async function write(name: string, expert?: string, more = '') {
  const define = `globalThis.testPackages.defineExpert('${expert}', ({ inputDim }) => ({ outputDim: inputDim, apply: (x) => x }));`;
  await writeFile(at(`${name}.ts`), `${expert === undefined ? '' : define}\n${more}\nexport {};`);
  return at(`${name}.ts`);
}
const hashOf = async (...files: string[]) =>
  contentKey((await Promise.all(files.map(identityOf))).map(({ sha256 }) => sha256).sort());

test('a trial has the code of the modules that define its components, and of those that all trials depend on', async () => {
  const [kan, siren] = [await write('kan', 'test-kan'), await write('siren', 'test-siren')];
  const balancer = await write(
    'balancer',
    undefined,
    "globalThis.testPackages.defineLossBalancer('test-even', { start: () => null, weights: () => [1, 1] });",
  );
  const suite = pathToFileURL(await write('suite')).href;
  await importFile(suite); // a suite that defines nothing
  const plugins = await loadPlugins([kan, siren, balancer]);
  const code = await outsideCode(plugins);
  expect(code(modelOf('mlp'))).toBeUndefined();
  expect(code(modelOf('test-kan', 'mlp'))).toBe(await hashOf(kan));
  expect(code(modelOf('test-siren', 'test-kan'))).toBe(await hashOf(kan, siren));
  expect(code(balanced('test-even'))).toBe(await hashOf(balancer));
  expect(code(balanced('pcgrad'))).toBeUndefined();

  const inner = await write('inner', 'test-inner');
  const outer = await write('outer', 'test-outer', "import './inner.ts';");
  const again = await loadPlugins([outer, inner]); // the second one has nothing left to define
  expect((await outsideCode(again))(modelOf('mlp'))).toBeUndefined();
  expect((await outsideCode(again))(modelOf('test-inner'))).toBe(await hashOf(outer));

  const effect = await write('effect', undefined, 'globalThis.testEffect = 1;');
  expect((await outsideCode(await loadPlugins([effect])))(modelOf('mlp'))).toBe(await hashOf(effect));

  defineExpert('test-own', ({ inputDim }) => ({ outputDim: inputDim, apply: (x) => x }));
  expect((await outsideCode([]))(modelOf('test-own'))).toBeUndefined(); // the program is Vitest's, which says nothing of it

  const metric = await write(
    'metric',
    undefined,
    `globalThis.testPackages.defineMetric({ name: 'test-metric', direction: 'lower', task: 'binary', description: '', compute: () => 0 });`,
  );
  const all = await outsideCode(await loadPlugins([metric]));
  expect(all(modelOf('mlp'))).toBe(await hashOf(metric));
  expect(all(modelOf('test-kan'))).toBe(await hashOf(metric, kan));
  const loss = await write(
    'loss',
    undefined,
    "globalThis.testPackages.defineLoss('test-loss', () => (z) => z, { tasks: [] });",
  );
  const task = await write('task', undefined, "globalThis.testPackages.defineTask('test-task', {});");
  const data = await outsideCode(await loadPlugins([loss, task])); // the data say which ones a trial has
  expect(data(modelOf('mlp'))).toBe(await hashOf(metric, loss, task));
});

test('a module is that of its import, whatever happens to its file; in another process it is another one', async () => {
  const file = await write('edited', 'test-edited');
  await loadPlugins([file]);
  const before = await identityOf(file);
  await writeFile(file, 'export const edited = 1;');
  expect(await identityOf(file)).toEqual(before);
  expect(await modulesAt([at('people.json'), file])).toEqual([{ url: pathToFileURL(file).href, ...before }]);
});

test('a module that throws can be imported again', async () => {
  const url = pathToFileURL(at('throws.ts')).href;
  await writeFile(at('throws.ts'), "throw new Error('no such luck');");
  await expect(importFile(url)).rejects.toThrow('no such luck');
  await writeFile(at('throws.ts'), "import './missing.ts';");
  await expect(importFile(url)).rejects.toThrow('missing');
});
