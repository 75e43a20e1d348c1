import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { PolytaskError } from '@polytask/core';
import { resolveSuite } from '@polytask/study';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readSuite } from '../run-options.ts';
import { suiteLoader } from './load-suite.ts';

const loadSuite = suiteLoader();

let directory: string;
beforeAll(async () => void (directory = await mkdtemp(path.join(os.tmpdir(), 'polytask-'))));
afterAll(() => rm(directory, { recursive: true, force: true }));

async function file(name: string, content: unknown): Promise<string> {
  const where = path.join(directory, name);
  await mkdir(path.dirname(where), { recursive: true });
  await writeFile(where, typeof content === 'string' ? content : JSON.stringify(content));
  return where;
}

test('a suite may ask for a learning rate to be found, and for no other word', async () => {
  const rate = async (learningRate: unknown) => {
    const suite = await file('rate.json', { name: 'rate', extends: 'synthetic', training: { learningRate } });
    const { settings } = await readSuite({ suite });
    return settings[0]!.training.learningRate;
  };
  expect(await rate('find')).toBe('find');
  await expect(rate('fnd')).rejects.toThrow(
    /Expected one of "find", or a number above 0 for .*learningRate, received "fnd"/,
  );
});

test('a suite inherits through files down to its data; maps are added to, lists replaced', async () => {
  await file('base.json', {
    name: 'base',
    extends: 'synthetic',
    data: { correlation: 0.5, conflict: 0 },
    training: { epochs: 3 },
    models: ['ple', 'adatt'],
    seeds: 2,
  });
  const top = await file('deep/top.json', {
    name: 'top',
    extends: '../base.json',
    data: { correlation: 0.2 },
    training: { batchSize: 64 },
    models: ['mmoe'],
  });
  const resolved = await resolveSuite(top, loadSuite);
  expect(resolved).toMatchObject({ name: 'top', files: [], entry: { name: 'synthetic' } });
  expect(resolved.declared).toEqual({
    data: { correlation: 0.2, conflict: 0 },
    training: { epochs: 3, batchSize: 64 },
    size: {},
    models: ['mmoe'],
    seeds: 2,
  });

  const suite = await readSuite({ suite: top, learningRate: 0.5 });
  expect(suite).toMatchObject({ seeds: [1, 2], baseline: 'single-task' });
  expect(suite.models.map(({ label }) => label)).toEqual(['mmoe']);
  expect(suite.settings).toEqual([
    {
      title: '',
      training: {
        epochs: 3,
        batchSize: 64,
        learningRate: 0.5,
        optimizer: { kind: 'optimizer', name: 'adam', config: {} },
        patience: 3,
      },
      data: { correlation: 0.2, conflict: 0 },
      tasks: undefined,
      size: { levels: [32, 16], experts: 6, tower: [8], embedding: 8 },
    },
  ]);
});

test('variants × groups × budgets are a table each', async () => {
  const suite = await readSuite({
    suite: {
      name: 'product',
      extends: 'synthetic',
      variants: { alike: { correlation: 1 }, apart: { correlation: 0 } },
      groups: { pair: ['task1', 'task2'] },
      budgets: {
        small: { size: { experts: 4 } },
        large: { size: { experts: 8, levels: [64] }, training: { epochs: 2 } },
      },
      models: ['adatt', { model: 'adatt', as: 'no residual', network: { residual: false } }],
      baseline: 'adatt',
    },
    models: ['no residual'],
  });
  expect(suite.settings.map(({ title }) => title)).toEqual([
    'alike, pair, small',
    'alike, pair, large',
    'apart, pair, small',
    'apart, pair, large',
  ]);
  expect(suite.settings[3]).toMatchObject({
    data: { correlation: 0 },
    tasks: ['task1', 'task2'],
    size: { experts: 8, levels: [64], tower: [8] },
    training: { epochs: 2, batchSize: 256 },
  });
  expect(suite.settings[2]!.training.epochs).toBe(20);
  expect(suite.models).toMatchObject([
    { label: 'no residual', entry: { name: 'adatt' }, network: { residual: false } },
  ]);
  expect([suite.order, suite.baseline]).toEqual([['adatt', 'no residual'], 'adatt']);
});

test('a suite in TypeScript is what a module exports as suite', async () => {
  const module = await file(
    'suite.ts',
    "const seeds: number[] = [4];\nexport const suite = { name: 'typed', extends: 'synthetic', seeds };\n",
  );
  const suite = await resolveSuite(module, loadSuite);
  expect(suite).toMatchObject({ name: 'typed', files: [module], declared: { seeds: [4] } });
});

test.each([
  ['an unknown option', { name: 'x', extends: 'synthetic', modles: [] }, 'Did you mean "models"?'],
  ['an option of a part', { name: 'x', extends: 'synthetic', training: { epoch: 3 } }, 'Did you mean "epochs"?'],
  [
    'a setting of the data',
    { name: 'x', extends: 'synthetic', data: { corelation: 1 } },
    'Expected an option of the data of synthetic, received "corelation". Did you mean "correlation"?',
  ],
  ['its range', { name: 'x', extends: 'synthetic', variants: { odd: { correlation: 2 } } }, 'a number in [-1, 1]'],
  [
    'a share of labels',
    { name: 'x', extends: 'synthetic', variants: { odd: { labelRate: [0.5, 0] } } },
    'a number in (0, 1] for the data of synthetic.labelRate[1], received 0',
  ],
  ['a number of rows', { name: 'x', extends: 'synthetic', data: { rows: 0.5 } }, 'a whole number of 1 or more'],
  ['a base', { name: 'x', extends: 'sintetic' }, 'Did you mean "synthetic"?'],
  ['no base', { name: 'x' }, 'Expected a text for'],
  ['seeds twice', { name: 'x', extends: 'synthetic', seeds: [1, 1] }, 'none twice'],
  ['an empty list', { name: 'x', extends: 'synthetic', budgets: {} }, 'Expected one entry or more'],
  ['a model', { name: 'x', extends: 'synthetic', models: [{ model: 'adat' }] }, 'Did you mean "adatt"?'],
  [
    'an option of a model',
    { name: 'x', extends: 'synthetic', models: [{ model: 'adatt', sise: {} }] },
    'Did you mean "size"?',
  ],
  [
    'two models of one name',
    { name: 'x', extends: 'synthetic', models: ['adatt', { model: 'adatt', network: { residual: false } }] },
    'received "adatt" twice',
  ],
  ['a baseline', { name: 'x', extends: 'synthetic', baseline: 'singel-task' }, 'Did you mean "single-task"?'],
])('%s is refused with what was meant', async (name, declaration, message) => {
  const where = await file(`${name.replaceAll(' ', '-')}.json`, declaration);
  await expect(readSuite({ suite: where })).rejects.toThrow(message);
});

test('suites that extend each other, and files that are no suite, are refused', async () => {
  await file('a.json', { name: 'a', extends: 'b.json' });
  await expect(resolveSuite(await file('b.json', { name: 'b', extends: 'a.json' }), loadSuite)).rejects.toThrow(
    'which extends itself',
  );
  await expect(resolveSuite(await file('c.json', '{'), loadSuite)).rejects.toThrow(
    /a data set file or a suite as JSON in .*c\.json, received a text that ends too early, at line 1, column 2/,
  );
  await expect(resolveSuite(await file('d.mjs', 'export const x = 1;'), loadSuite)).rejects.toThrow(
    'Expected an export called suite in',
  );
  await expect(resolveSuite(path.join(directory, 'none.json'), loadSuite)).rejects.toThrow('ENOENT');
});

test('JSON runs no code: it extends no module and has no plugins, from a module neither', async () => {
  const mark = path.join(directory, 'was-run');
  await file('evil.mjs', `import fs from 'node:fs'; fs.writeFileSync(${JSON.stringify(mark)}, '');`);
  const base = { name: 'x', extends: 'synthetic' };
  const suites = {
    extends: await file('extends.json', { ...base, extends: './evil.mjs' }),
    further: await file('further.json', { ...base, extends: './extends.json' }),
    plugins: await file('plugins.json', { ...base, plugins: ['./evil.mjs'] }),
    module: await file('module.mjs', "export const suite = { name: 'm', extends: './extends.json' };"),
  };
  for (const suite of Object.values(suites)) {
    await expect(readSuite({ suite })).rejects.toThrow('Expected no modules to import in');
    await expect(readSuite({ suite })).rejects.toThrow('Name modules with --import');
  }
  expect(existsSync(mark)).toBe(false);
});

test('no key of a document is taken for a part of a program, and no error quotes the file', async () => {
  const base = { name: 'x', extends: 'synthetic' };
  await expect(readSuite({ suite: await file('open.json', { ...base, open: 1 }) })).rejects.toThrow('received "open"');
  const model = { build: 1, name: 'x', title: 'x' };
  await expect(readSuite({ suite: await file('build.json', { ...base, models: [model] }) })).rejects.toThrow(
    PolytaskError,
  );
  const other = await file('other.json', 'root:x:0:0:root');
  await expect(readSuite({ suite: other })).rejects.toThrow(
    'received text that is no JSON (invalid symbol), at line 1, column 1. Look at its commas',
  );
  const deep = await file('deep.json', `{ "name": "x", "data": ${'['.repeat(20_000)}${']'.repeat(20_000)} }`);
  await expect(readSuite({ suite: deep })).rejects.toThrow('received more than 200 levels');
});
