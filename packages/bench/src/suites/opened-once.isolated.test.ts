import fs from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { DatasetParts, openDataset } from '@polytask/data';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { main } from '../cli/main.ts';
import { runSuite } from '../run-suite.ts';
import { capturedIo } from '../testing/captured-io.ts';
import { writePeople } from '../testing/people.ts';
import { openResults } from '../trials/run-files.ts';

/** The parts that data sets have encoded. The same parts again are one object. */
const encoded = vi.hoisted(() => new Set<DatasetParts>());
vi.mock('@polytask/data', async (original) => {
  const data = await original<{ openDataset: typeof openDataset }>();
  return {
    ...data,
    async openDataset(...args: Parameters<typeof openDataset>) {
      const dataset = await data.openDataset(...args);
      const parts = (seed?: number) => {
        const result = dataset.parts(seed);
        encoded.add(result);
        return result;
      };
      return { ...dataset, parts };
    },
  };
});

const open = vi.spyOn(fs.promises, 'open');
const reads = () => open.mock.calls.filter(([file]) => String(file).endsWith('people.csv')).length;

let folder: string;
const at = (...names: string[]) => path.join(folder, ...names);
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'polytask-'));
  await writePeople(folder);
});
afterEach(() => {
  open.mockClear();
  encoded.clear();
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const QUICK = ['--epochs', '1', '--engine', 'cpu'];
const MODELS = ['--models', 'logistic-regression,single-task'];

async function run(...argv: string[]) {
  const { io, err } = capturedIo();
  expect(await main(argv, io), err()).toBe(0);
}

test('bench reads its file once, and encodes the rows of each seed once', { tags: ['long'] }, async () => {
  await run('bench', at('people.json'), ...MODELS, '--seeds', '2', ...QUICK, '--workers', '0', '--out', at('two'));
  expect(reads()).toBe(1);
  expect(encoded.size).toBe(2);
});

test('a split that no seed changes is encoded once for all seeds', { tags: ['long'] }, async () => {
  const document = JSON.parse(fs.readFileSync(at('people.json'), 'utf8')) as { split: object };
  await writeFile(at('fixed.json'), JSON.stringify({ ...document, split: { ...document.split, seed: 7 } }));
  await run('bench', at('fixed.json'), ...MODELS, '--seeds', '3', ...QUICK, '--workers', '0', '--out', at('three'));
  expect(reads()).toBe(1);
  expect(encoded.size).toBe(1);
});

test.each([['adatt'], ['auto']])(
  'train --model %s reads its file once, and encodes the rows once',
  { tags: ['long'] },
  async (model) => {
    const limit = model === 'auto' ? ['--minutes', '0.001', '--models', 'logistic-regression'] : [];
    await run('train', at('people.json'), '--out', at(model), '--model', model, ...limit, ...QUICK);
    expect(reads()).toBe(1);
    expect(encoded.size).toBe(1);
  },
);

test('verify reads the file once for all trials, and so do a program and split', { tags: ['long'] }, async () => {
  const { trials } = await runSuite({
    ...{ suite: at('people.json'), models: ['logistic-regression', 'single-task'], seeds: [1], epochs: 1 },
    engine: 'cpu',
  });
  expect(reads()).toBe(1);
  for (const trial of trials) await openResults(at('results')).append(trial);
  open.mockClear();
  await run('verify', at('results'), at('people.json'), '--trials', '2');
  expect(reads()).toBe(1);
  open.mockClear();
  await run('split', at('people.json'), '--seeds', '2', '--out', at('rows'));
  expect(reads()).toBe(1);
});
