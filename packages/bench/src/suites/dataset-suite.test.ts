import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { SuiteEntry, Summary } from '@polytask/study';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { main } from '../cli/main.ts';
import { capturedIo } from '../testing/captured-io.ts';
import { suiteLoader } from './load-suite.ts';

let directory: string;
let file: string;
const ROWS = 400;
const described = {
  files: 'rows.csv',
  features: { x: 'numeric', state: 'categorical' },
  tasks: { bought: 'binary', liked: 'binary' },
  gaucGroup: 'user',
};
beforeAll(async () => {
  directory = await mkdtemp(path.join(os.tmpdir(), 'polytask-'));
  file = path.join(directory, 'shop.json');
  const lines = Array.from(
    { length: ROWS },
    (_, i) => `${(i * 37) % 101},s${i % 3},u${i % 10},${Number((i * 37) % 101 > 50)},${Number(i % 7 < 3)}`,
  );
  await writeFile(path.join(directory, 'rows.csv'), `x,state,user,bought,liked\n${lines.join('\n')}\n`);
  await writeFile(file, JSON.stringify(described));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

async function run(...argv: string[]) {
  const { io, out, err } = capturedIo();
  const code = await main(argv, io);
  return { code, out: out(), err: err() };
}

test('bench with the JSON file of a data set runs the harness on it, with AUC by group, and says what is odd', async () => {
  const argv = [
    'bench',
    file,
    '--models',
    'single-task,adatt-sp',
    '--seeds',
    '2',
    '--epochs',
    '2',
    '--engine',
    'compiled',
    '--workers',
    '0',
    '--shared-members',
    '2',
    '--out',
    path.join(directory, 'harness'),
  ];
  const { code, out, err } = await run(...argv, '--json');
  expect(code).toBe(0);
  const [summary] = JSON.parse(out) as [Summary];
  expect(summary.suite).toBe('shop');
  expect(summary.config.data).toEqual({
    set: 'shop',
    file: described,
    rows: { train: 320, validation: 40, test: 40 },
    content: expect.stringMatching(/^[0-9a-f]{16}$/) as string,
  });
  expect(summary.config.size).toMatchObject({ members: 2, levels: [128, 64] });
  expect(summary.columns.map(({ task, metric }) => `${task} ${metric}`)).toEqual([
    'bought auc',
    'bought gauc',
    'bought ne',
    'liked auc',
    'liked gauc',
    'liked ne',
  ]);
  for (const { metrics } of summary.models) expect(metrics['bought']!['gauc']!.mean).toBeGreaterThan(0.5);
  expect(err).toContain('Feature "x" alone tells the labels of task "bought" (1.0000 of 1)');
});

test('bench --folds tests each row once, and a second run trains nothing', { tags: ['long'] }, async () => {
  const out = path.join(directory, 'folds');
  const argv = ['bench', file, '--models', 'logistic-regression,shared-bottom', '--no-boosting', '--folds', '3', '--epochs', '1', '--engine', 'cpu', '--out', out]; // prettier-ignore
  const first = await run(...argv, '--workers', '0');
  expect(first.code).toBe(0);
  expect(first.err).toContain('shop on cpu: 2 models × 3 folds, 6 trials\n');
  expect(first.err).toContain('logistic-regression, seed 1, fold 3: ');
  expect(first.out.replaceAll(/\s+/g, ' ')).toContain('Mean over 3 folds ± half its 95% interval.');
  const trials = (await readFile(path.join(out, 'results.jsonl'), 'utf8')).trim().split('\n');
  expect(trials.map((line) => (JSON.parse(line) as { fold: number }).fold).sort()).toEqual([1, 1, 2, 2, 3, 3]);
  const second = await run(...argv, '--workers', '0');
  expect(second.err).toContain('2 models × 3 folds, 6 trials, 6 of them there already');
  expect(second.out).toBe(first.out);
});

const opened = async (from: string) => (await suiteLoader()(from)).suite as SuiteEntry;

test('each seed splits anew, and a limit takes so many rows of each part, the same ones each time', async () => {
  const suite = await opened(file);
  expect(suite.defaults.size.experts).toBe(4);
  const data = await suite.open({ directory: file, limitRows: 30 });
  const [one, two] = [data.trial(1), data.trial(2)];
  expect([one.train.size, one.validation.size, one.test().size, one.testGroups!.length]).toEqual([30, 30, 30, 30]);
  expect(data.config).toMatchObject({ rows: { train: 30, validation: 30, test: 30 } });
  const rows = (trial: typeof one) => trial.validation.batch([...Array(30).keys()]).numeric;
  expect(rows(data.trial(1))).toEqual(rows(one));
  const again = await (await opened(file)).open({ directory: file, limitRows: 30 });
  expect(rows(again.trial(1))).toEqual(rows(one));
  expect(rows(two)).not.toEqual(rows(one));
});

const MONTHS = 12;
const sorted = (from: number, to: number) =>
  `month,delay\n${Array.from({ length: to - from }, (_, i) => Math.floor((from + i) / 50))
    .map((month) => `m${month},${month}\n`)
    .join('')}`;

test.each([
  ['one file', { files: 'sorted.csv', split: { kind: 'random', validation: 0.25, test: 0.25 } }],
  ['a file for each part', { files: { train: 'sorted.csv', validation: 'sorted-2.csv', test: 'sorted-3.csv' } }],
])('of a sorted file, a limit takes rows of all times: %s', async (_, files) => {
  for (const file of ['sorted.csv', 'sorted-2.csv', 'sorted-3.csv'])
    await writeFile(path.join(directory, file), sorted(0, 50 * MONTHS));
  const document = { ...files, features: { month: 'categorical' }, tasks: { delay: 'regression' } };
  await writeFile(path.join(directory, 'flights.json'), JSON.stringify(document));
  const data = await (await opened(path.join(directory, 'flights.json'))).open({ limitRows: 100 });
  const { train, validation, test, raw } = data.trial(1);
  const { months, values } = { months: train.schema.features['month'], values: raw!() };
  expect(months).toMatchObject({ vocabulary: expect.arrayContaining(['m0', `m${MONTHS - 1}`]) as string[] });
  for (const [part, rows] of Object.entries({ train, validation, test: test() })) {
    const { codes, dictionary } = values[part as keyof typeof values].columns.texts['month']!;
    const all = Array.from(codes, (code) => Number(dictionary[code]!.slice(1)));
    expect(all).toHaveLength(100);
    expect(rows.size).toBe(100);
    expect(new Set(all).size).toBe(MONTHS);
    expect(all.reduce((sum, month) => sum + month / 100, 0)).toBeCloseTo((MONTHS - 1) / 2, -0.5);
    expect(all).toEqual([...all].sort((a, b) => a - b)); // in the order of the file
  }
});

test('what is wrong in it is one message and code 1', async () => {
  await writeFile(path.join(directory, 'wrong.json'), JSON.stringify({ ...described, feature: {} }));
  const { code, err } = await run('bench', path.join(directory, 'wrong.json'));
  expect(code).toBe(1);
  expect(err).toContain('Expected an option of wrong.json, received "feature". Did you mean "features"?');
});

test('reads files outside its folder, and more rows than the limit, only where the command line allows it', async () => {
  await mkdir(path.join(directory, 'sets'), { recursive: true });
  const outside = path.join(directory, 'sets', 'shop.json');
  await writeFile(outside, JSON.stringify({ ...described, files: '../rows.csv' }));
  const refused = await run('bench', outside);
  expect(refused.code).toBe(1);
  expect(refused.err).toContain('pass --allow-files-outside');
  const limited = await run('bench', outside, '--allow-files-outside', '--max-rows', '399');
  expect(limited.code).toBe(1);
  expect(limited.err).toContain('Expected at most 399 rows');
  const quick = ['--models', 'single-task', '--seeds', '1', '--epochs', '1', '--engine', 'cpu', '--workers', '0'];
  const allowed = await run(
    'bench',
    outside,
    '--allow-files-outside',
    '--max-rows',
    '400',
    ...quick,
    '--json',
    '--out',
    path.join(directory, 'allowed'),
  );
  expect(allowed.code).toBe(0);
});
