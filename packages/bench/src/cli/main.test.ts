import { readText } from '@polytask/components';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { componentsOf } from '@polytask/core';
import { createSuite, parseResult, type Summary } from '@polytask/study';
import type { TrialResult } from '@polytask/study';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { catalog, type CatalogItem } from '../catalog.ts';
import { capturedIo, screenOf } from '../testing/captured-io.ts';
import { main } from './main.ts';

let directory: string;
beforeAll(async () => void (directory = await mkdtemp(path.join(os.tmpdir(), 'polytask-'))));
afterAll(() => rm(directory, { recursive: true, force: true }));

async function run(...argv: string[]) {
  const { io, out, err } = capturedIo();
  const code = await main(argv, io);
  return { code, out: out(), err: err() };
}

const QUICK = [
  'bench',
  'synthetic',
  '--limit-rows',
  '100',
  '--epochs',
  '1',
  '--engine',
  'cpu',
  '--workers',
  '0',
  '--models',
  'logistic-regression,single-task,adatt',
];

test('bench prints a table on stdout and a line a trial on stderr, and writes its three files', async () => {
  const results = path.join(directory, 'results');
  const { code, out, err } = await run(...QUICK, '--seeds', '2', '--out', results);
  expect(code).toBe(0);
  expect(out).toMatch(
    /^synthetic\nUndecided: \d seeds can't separate the models from chance; a verdict takes\sat\sleast 5\. For now take\s/,
  );
  expect(out).toContain('3 models, 2 seeds, on cpu.');
  for (const model of ['logistic-regression', 'single-task', 'adatt']) {
    expect(out).toMatch(new RegExp(`^${model} +0\\.\\d{4} ±\\d\\.\\d{4}`, 'm'));
  }
  expect(err).toMatch(
    /^Limited by --limit-rows: 100 of 8,000 training rows, 100 of 2,000 validation rows and 100 of 8,000 test rows\.\nsynthetic on cpu: 3 models × 2 seeds, 6 trials\n1\/6 logistic-regression, seed 1: task1 AUC 0\.\d{4}/,
  );
  expect(err.trim().split('\n')).toHaveLength(9);
  expect(out + err).not.toContain('\u001b');

  const lines = (await readFile(path.join(results, 'results.jsonl'), 'utf8')).trim().split('\n');
  const trials = (await Promise.all(lines.map((line) => parseResult(line, 'results.jsonl')))) as TrialResult[];
  expect(trials.map(({ model, seed }) => `${model} ${seed}`)).toEqual([
    'logistic-regression 1',
    'single-task 1',
    'adatt 1',
    'logistic-regression 2',
    'single-task 2',
    'adatt 2',
  ]);
  expect(await readFile(path.join(results, 'report.md'), 'utf8')).toContain('| logistic-regression |');

  const again = await run(...QUICK, '--seeds', '2', '--out', results);
  expect(again.err).toMatch(
    /^Limited.*\nsynthetic on cpu: 3 models × 2 seeds, 6 trials, 6 of them there already\nWritten/,
  );
  expect(again.out).toBe(out);
});

test('bench --json prints the summary and nothing else on stdout', async () => {
  const { code, out } = await run(...QUICK, '--seeds', '1', '--json', '--out', path.join(directory, 'json'));
  expect(code).toBe(0);
  const [summary] = JSON.parse(out) as [Summary];
  expect(summary.models.map(({ model }) => model)).toEqual(['logistic-regression', 'single-task', 'adatt']);
  expect(Object.keys(summary.models[0]!.metrics)).toEqual(['task1', 'task2', 'task3']);
});

test('in a terminal what runs now is shown and wiped again', async () => {
  const { io, out, err } = capturedIo({ isTTY: true, columns: 90 });
  expect(await main([...QUICK, '--seeds', '1', '--out', path.join(directory, 'shown')], io)).toBe(0);
  expect(err()).toContain('\n1/3 logistic-regression, seed 1, epoch 1 of at most 1\n0 of 3 trials\n\u001b[2A\u001b[J');
  const shown = screenOf(err()).split('\n');
  const start = shown.findIndex((line) => line.endsWith('3 models × 1 seed, 3 trials'));
  const finished = shown.slice(start + 1).filter((line) => /^\d/.test(line));
  expect(finished.map((line) => line.split(':')[0])).toEqual(
    ['logistic-regression', 'single-task', 'adatt'].map((model, i) => `${i + 1}/3 ${model}, seed 1`),
  );
  expect(
    stripVTControlCharacters(out())
      .split('\n')
      .every((line) => line.length <= 90),
  ).toBe(true);
});

test.each(['models', 'experts', 'gates', 'balancers', 'datasets', 'suites'])(
  'list %s, as text and as JSON',
  async (what) => {
    const plain = await run('list', what);
    const json = await run('list', what, '--json');
    const entries = JSON.parse(json.out) as CatalogItem[];
    expect([plain.code, json.code]).toEqual([0, 0]);
    expect(plain.out.trim().split('\n')).toHaveLength(entries.length);
    const lines = plain.out.split('\n');
    entries.forEach(({ name, description }, i) => {
      expect(lines[i]!.startsWith(name), lines[i]).toBe(true);
      expect(lines[i]).toContain(description);
    });
  },
);

test.each(catalog.filter(({ flag }) => flag !== undefined).map((row) => [row.name, row] as const))(
  'each of the %s is listed with an example that a suite takes',
  async (what, { kind, flag, entries }) => {
    const texts: string[] = [];
    for (const { name } of entries()) {
      const { out } = await run('list', what, name);
      const [, given, text] = /\nOn the command line: (\S+) '(.*)'\n$/.exec(out) ?? [];
      if (text === undefined) continue;
      expect([given, readText(text).name]).toEqual([flag, name]);
      texts.push(text);
    }
    const ofTests = new Set(componentsOf(kind!).flatMap((each) => (each.package === undefined ? [each.name] : [])));
    const own = entries().filter(({ name }) => !ofTests.has(name)); // tests in this process define others
    expect(texts.length).toBeGreaterThanOrEqual(own.length / 2);
    const { models } = await createSuite({ suite: 'synthetic', models: ['mmoe'], [what]: texts });
    expect(models.length).toBeGreaterThanOrEqual(texts.length);
  },
);

test('list with a name shows the options of one component, as text and as JSON', async () => {
  const { code, out } = await run('list', 'experts', 'swiglu');
  expect(code).toBe(0);
  expect(out).toMatch(/^swiglu {2}.*Shazeer/);
  expect(out).toContain('\n  units  a whole number of 1 or more; required\n    Width of the output.\n');
  expect(out).toContain('"softplus"; default `sigmoid`\n');
  const json = await run('list', 'balancers', 'mgda@representation', '--json');
  expect(JSON.parse(json.out)).toMatchObject({
    name: 'mgda@representation',
    options: [
      { name: 'normalize', type: 'one of "none", "norm"', required: false, default: '`none`' },
      { name: 'of', default: '`parameters`' },
    ],
    schema: { properties: { normalize: { enum: ['none', 'norm'], default: 'none' } }, additionalProperties: false },
  });
  expect((await run('list', 'balancers', 'gradnorm')).out).toMatch(
    /\nOn the command line: --balancers 'gradnorm\(\w+=[\w.]+\)'\n$/,
  );
  const unknown = await run('list', 'gates', 'sfotmax');
  expect(unknown).toMatchObject({ code: 1, out: '' });
  expect(unknown.err).toContain('Expected a known gate, received "sfotmax". Did you mean "softmax"?');
});

test.each([
  [['bench', 'synthetik'], 'Did you mean "synthetic"?'],
  [['bench', '--models', 'adatt,pel'], 'Expected a known model, received "pel". Did you mean "ple"?'],
  [['bench', '--balancers', 'pcgard'], 'Expected a known balancer, received "pcgard". Did you mean "pcgrad"?'],
  [['bench', '--balancers', 'gradnorm(alhpa=1)'], 'received "alhpa". Did you mean "alpha"?'],
  [['bench', '--experts', 'mlp(activation=gelo)'], 'Did you mean "gelu"?'],
  [['bench', '--models', 'adatt(residual=maybe)'], 'true or false for adatt.residual, received "maybe"'],
  [
    ['bench', '--seeds', 'many'],
    'Expected how many seeds (5), a list of them (1,2,3), or a range (6-10), received "many"',
  ],
  [['bench', '--epochs', '0'], 'Expected a whole number of 1 or more for --epochs, received 0'],
  [['bench', '--batch-size', 'x'], 'for --batch-size, received "x"'],
  [['bench', '--learning-rate', '0'], 'Expected one of "find", or a number above 0 for --learning-rate, received 0'],
  [['bench', '--workers', 'x'], 'Expected a whole number of 0 or more for --workers, received "x"'],
  [
    ['bench', '--baseline', 'adat'],
    'Expected a model of the suite as the baseline, received "adat". Did you mean "adatt"?',
  ],
  [['bench', '--engine', 'wasn'], 'Did you mean "wasm"?'],
  [['bench', '--sedes', '3'], 'Did you mean --seeds?'],
  [['train', 'people.json', '--modle', 'auto'], "unknown option '--modle'\n(Did you mean --model?)"],
  [['train', '--oot', 'x'], "unknown option '--oot'\n(Did you mean --out?)"], // and not that the data is missing
  [['export', '--typo'], "unknown option '--typo'"],
  [['train', 'people.json'], "required option '-o, --out <dir>' not specified"],
  [['bench', '--seeds'], 'argument missing'],
  [['bench', 'census-income'], 'Expected the directory of the data of census-income, received none. Pass --data DIR'],
  [['bench', '--data', '/tmp'], 'The suite makes its own data: leave it out.'],
  [['bench', 'synthetic', 'census-income'], 'too many arguments'],
  [['list', 'model'], 'Did you mean "models"?'],
  [['list'], "missing required argument 'what'"],
  [['bnech'], 'Did you mean bench?'],
  [[], 'Usage: polytask'],
])('%j is a usage error: one readable message, code 2', async (argv, message) => {
  const { code, out, err } = await run(...argv);
  expect(code).toBe(2);
  expect(out).toBe('');
  expect(err).toContain(message);
  expect(err).not.toMatch(/^\s+at /m);
});

test('a failure is one message and code 1; --debug adds the stack', async () => {
  const argv = ['bench', 'census-income', '--data', path.join(directory, 'nowhere'), '--engine', 'cpu'];
  const plain = await run(...argv);
  expect(plain.code).toBe(1);
  expect(plain.err).toMatch(/^error: .*nowhere/m);
  expect(plain.err).not.toMatch(/^\s+at /m);
  const debug = await run('--debug', ...argv);
  expect(debug.code).toBe(1);
  expect(debug.err).toMatch(/^\s+at /m);
});

test('help names what stands for an option, not all of its row', async () => {
  for (const command of ['bench', 'describe', 'list', 'fetch', 'export', 'time', 'reference', 'doctor']) {
    const { code, out } = await run(command, '--help');
    expect([command, code, out.match(/default: [[{].*/)]).toEqual([command, 0, null]);
  }
  const { out } = await run('time', '--help');
  expect(out.replaceAll(/\s+/g, ' ')).toMatch(
    /\(default: A\).*\(default: adatt-sp,.*\(default: none\).*\(default: 1,256,2048\)/,
  );
});

test('help and version', async () => {
  const help = await run('bench', '--help');
  expect(help.code).toBe(0);
  expect(help.out).toContain('--models <names>');
  expect(help.out.replaceAll(/\s+/g, ' ')).toContain('(default: when-sharing-helps)');
  for (const command of ['bench', 'train']) {
    const text = (await run(command, '--help')).out.replaceAll(/\s+/g, ' ');
    expect(text).toContain('--import <names> packages or files that define components');
    expect(text).toContain('learning rate: 0.001 levels, tower, embedding: 128,64; 32; 8');
    expect(text).toContain('training rows batch size epochs patience 1000 32 100 16');
  }
  const version = await run('--version');
  expect(version).toMatchObject({ code: 0, err: '' });
  expect(version.out).toMatch(/^\d+\.\d+\.\d+\n$/);
});

test('a list that is there twice is refused, because one of the two would be lost; of other options the last one counts', async () => {
  const { code, err } = await run('bench', 'synthetic', '--models', 'adatt', '--models=mmoe');
  expect([code, err]).toEqual([
    2,
    expect.stringContaining("error: option '-m, --models <names>' is there twice. Write it once"),
  ]);
});

test('leaderboard compares results of several directories', async () => {
  const [results, board] = ['results', 'board'].map((name) => path.join(directory, name));
  const { code, out } = await run('leaderboard', results!, '--baseline', 'single-task', '--out', board!);
  expect(code).toBe(0);
  expect(out).toContain('1 data set, compared with single-task\n');
  expect(await readFile(path.join(board!, 'leaderboard.md'), 'utf8')).toContain('| synthetic | 100 |');
  expect(await readFile(path.join(board!, 'leaderboard.html'), 'utf8')).toContain('polytask verify');
  const other = await run('leaderboard', results!);
  expect([other.code, other.err]).toEqual([1, expect.stringContaining('Expected trials of gradient-boosting')]);
});
