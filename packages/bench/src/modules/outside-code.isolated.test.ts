import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { defineLossBalancer } from '@polytask/balancing';
import { define, defineExpert } from '@polytask/core';
import { type CodeOf, contentKey } from '@polytask/study';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadPlugins, identityOf, importFile, modulesAt, outsideCode } from './imported-modules.ts';

let folder: string;
const at = (name: string) => path.join(folder, name);
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'polytask-'));
  Object.assign(globalThis, {
    testPackages: { defineExpert, defineLossBalancer, define },
  });
});
afterAll(async () => {
  Reflect.deleteProperty(globalThis, 'testPackages');
  await rm(folder, { recursive: true, force: true });
});

type Config = Parameters<CodeOf>[0];

const training: Config['training'] = {
  epochs: 1,
  batchSize: 32,
  learningRate: 1e-3,
  patience: 1,
  selection: 'auc',
  optimizer: { kind: 'optimizer', name: 'adam', config: {} },
};
/** The configuration of a trial whose model has these experts. */
const trialOf = (...names: string[]): Config => ({
  model: {
    network: { kind: 'network', name: 'adatt', config: { levels: names.map((name) => ({ experts: expertOf(name) })) } },
    rate: 1,
  },
  training,
});
const expertOf = (name: string) => ({ kind: 'expert' as const, name, config: {} });
const balanced = (name: string): Config => ({
  training,
  model: { ...trialOf('mlp').model, balancing: { kind: 'balancer', name, config: {} } },
});

/** Writes a module that defines an expert. It has the packages of this process, which Vitest has loaded from their sources. */
async function write(name: string, expert?: string, more = '') {
  const define = `globalThis.testPackages.defineExpert('${expert}', ({ inputDim }) => ({ outputDim: inputDim, apply: (x) => x }));`;
  await writeFile(at(`${name}.ts`), `${expert === undefined ? '' : define}\n${more}\nexport {};`);
  return at(`${name}.ts`);
}
const defined = (kind: string) => `globalThis.testPackages.define('${kind}', 'test-${kind}', () => 0);`;
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
  expect(code(trialOf('mlp'))).toBeUndefined();
  expect(code(trialOf('test-kan', 'mlp'))).toBe(await hashOf(kan));
  expect(code(trialOf('test-siren', 'test-kan'))).toBe(await hashOf(kan, siren));
  expect(code(balanced('test-even'))).toBe(await hashOf(balancer));
  expect(code(balanced('pcgrad'))).toBeUndefined();

  const inner = await write('inner', 'test-inner');
  const outer = await write('outer', 'test-outer', "import './inner.ts';");
  const again = await loadPlugins([outer, inner]); // the second one has nothing left to define
  expect((await outsideCode(again))(trialOf('mlp'))).toBeUndefined();
  expect((await outsideCode(again))(trialOf('test-inner'))).toBe(await hashOf(outer));

  const effect = await write('effect', undefined, 'globalThis.testEffect = 1;');
  expect((await outsideCode(await loadPlugins([effect])))(trialOf('mlp'))).toBe(await hashOf(effect));

  defineExpert('test-own', ({ inputDim }) => ({ outputDim: inputDim, apply: (x) => x }));
  expect((await outsideCode([]))(trialOf('test-own'))).toBeUndefined(); // the program is Vitest's, which says nothing of it

  const taught = { ...trialOf('mlp'), training: { ...training, teacherModel: 'a hash' } }; // by a model with any of them
  expect((await outsideCode([]))(taught)).toBe(await hashOf(kan, siren, balancer, suite, outer, inner, effect));
});

const EVERYWHERE = [
  'metric',
  'loss',
  'task',
  'feature',
  'pooling',
  'calibration',
  'threshold',
  'optimizer',
  'schedule',
];
test.each(EVERYWHERE)('every trial may depend on a %s', async (kind) => {
  const code = async () => (await outsideCode([]))(trialOf('mlp'));
  const before = await code();
  await importFile(pathToFileURL(await write(kind, undefined, defined(kind))).href);
  expect(await code()).not.toBe(before);
});

test('no trial depends on trackers and readers', async () => {
  const code = async () => (await outsideCode([]))(trialOf('mlp'));
  const before = await code();
  for (const kind of ['tracker', 'reader'])
    await importFile(pathToFileURL(await write(kind, undefined, defined(kind))).href);
  expect(await code()).toBe(before);
});

test('components of the program itself have its main module and its imports', async () => {
  const main = await write('main');
  const [, runner] = process.argv;
  process.argv[1] = main;
  const code = await outsideCode([]);
  expect(code(trialOf('test-own'))).not.toBe(code(trialOf('mlp')));
  define('schedule', 'test-own', () => 0);
  const all = await outsideCode([]);
  expect(all(trialOf('mlp'))).toBe(code(trialOf('test-own')));
  process.argv[1] = runner!;
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
