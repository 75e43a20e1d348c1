import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Finding } from '@polytask/components';
import type { TrainingReport } from '@polytask/study';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { main } from '../cli/main.ts';
import { capturedIo } from '../testing/captured-io.ts';

// From `polytask split --folds` to `polytask train --teacher-predictions`, by the real commands.

let directory: string;
const at = (...names: string[]) => path.join(directory, ...names);

/** Runs a command. @returns its code, and what it printed */
async function run(...argv: string[]) {
  const { io, out, err } = capturedIo();
  return { code: await main(argv, io), out: out(), err: err() };
}

type Cells = Readonly<Record<string, string>>;

async function rowsOf(part: string): Promise<Cells[]> {
  const [head, ...lines] = (await readFile(at('rows', 'seed-1', `${part}.csv`), 'utf8')).trimEnd().split('\n');
  const names = head!.split(',');
  return lines.map((line) => Object.fromEntries(line.split(',').map((cell, i) => [names[i]!, cell])));
}

/** What a good teacher says: the chance of yes, the hours, and the chances of two classes. */
const truth = ({ age }: Cells) => [Number(age) > 20 ? 0.9 : 0.1, 2 * Number(age), Number(age) % 2 ? 0.8 : 0.2];

async function write(name: string, predict: (row: Cells) => number[] = truth, change = (lines: string[]) => lines) {
  const parts = await Promise.all(['train', 'validation', 'test'].map(rowsOf));
  const lines = parts.flat().map((row) => {
    const [rich, hours, odd] = predict(row) as [number, number, number];
    return [row['row_id'], rich, hours, odd, 1 - odd].join();
  });
  await writeFile(at(name), `${['row_id,rich,hours,kind_odd,kind_even', ...change(lines)].join('\n')}\n`);
  return at(name);
}

beforeAll(async () => {
  directory = await mkdtemp(path.join(os.tmpdir(), 'polytask-teachers-'));
  const rows = Array.from({ length: 300 }, (_, i) => {
    const age = (i * 7) % 41;
    const isNoise = (i * 13) % 10 < 3;
    return [
      age,
      (i * 5) % 7,
      age > 20 !== isNoise ? 'yes' : 'no',
      2 * age + ((i * 11) % 9),
      age % 2 ? 'odd' : 'even',
    ].join();
  });
  await writeFile(at('people.csv'), `age,other,rich,hours,kind\n${rows.join('\n')}\n`);
  const tasks = {
    rich: { kind: 'binary', positive: 'yes' },
    hours: { kind: 'regression' },
    kind: { kind: 'multiclass', classes: ['odd', 'even'] },
  };
  const document = { files: 'people.csv', features: { age: 'numeric', other: 'numeric' }, tasks };
  await writeFile(at('people.json'), JSON.stringify(document));
  const split = ['--seeds', '1', '--folds', '4', '--format', 'csv', '--out', at('rows')];
  expect((await run('split', at('people.json'), ...split)).code).toBe(0);
});
afterAll(() => rm(directory, { recursive: true, force: true }));

const SMALL = [
  '--engine',
  'cpu',
  '--model',
  'shared-bottom',
  '--no-boosting',
  '--levels',
  '4',
  '--tower',
  '2',
  '--learning-rate',
  '0.02',
];

async function train(files: string, ...more: string[]) {
  const argv = [
    'train',
    at('people.json'),
    ...SMALL,
    '--epochs',
    '3',
    '--teacher-predictions',
    files,
    '--out',
    await mkdtemp(at('model-')),
    '--json',
    ...more,
  ];
  const { code, out, err } = await run(...argv);
  return { code, err, report: code === 0 ? (JSON.parse(out) as TrainingReport) : undefined };
}

const kindsIn = (findings: readonly Finding[]) => findings.map(({ kind, about: { task } }) => [kind, task]);

test('the mean of two files teaches, and its own score on the test rows stands beside the student', async () => {
  const [low, high] = await Promise.all(
    [-1, 1].map((sign) =>
      write(`${sign}.csv`, (row) => truth(row).map((value, i) => value + sign * (i === 1 ? 3 : 0.1))),
    ),
  );
  const { code, report } = await train(`${low},${high}`);
  expect(code).toBe(0);
  const { teacher, trials } = report!;
  expect(teacher).toMatchObject({ other: `${path.relative('', low!)} + ${path.relative('', high!)}` });
  const { auc: own } = trials[0].metrics['rich']!;
  expect(teacher!.tasks['rich']!.model).toBeCloseTo(own!, 6);
  expect(teacher!.tasks['rich']!.other).toBeGreaterThan(0.5);
  const { other: error } = teacher!.tasks['hours']!;
  expect(Math.abs(error - Math.sqrt(204 / 9)), 'errors 0 to 8').toBeLessThan(0.8); // 2.9 and 7.5 for each of the files
  expect(teacher!.tasks['kind']!.other).toBe(1);
  expect(trials[0].config.training).toMatchObject({
    teacher: 0.5,
    teacherPredictions: [expect.stringMatching(/^\w{16}$/)],
  });
  expect(kindsIn(report!.notes)).toEqual([]);
});

test('a teacher that harms on the validation rows is not used, and the student is the one of the labels alone', async () => {
  const { report } = await train(
    await write('wrong.csv', (row) => truth(row).map((value, i) => (i === 1 ? -40 : 1 - value))),
    '--teacher',
    '1',
  );
  const [trial] = report!.trials;
  const unused = trial.warnings.find(({ kind }) => kind === 'unused-teacher')!;
  const { taught, alone } = unused.evidence as { taught: number; alone: number };
  expect(alone).toBeLessThan(taught);
  const { out } = await run('train', at('people.json'), ...SMALL, '--epochs', '3', '--out', at('alone'), '--json');
  expect(trial.metrics).toEqual((JSON.parse(out) as TrainingReport).trials[0].metrics);
});

test('predictions that repeat the labels of the training rows are warned of', async () => {
  const seen = (row: Cells) => {
    const [rich, hours, odd] = truth(row) as [number, number, number];
    if (row['fold'] === undefined) return [rich, hours, odd]; // validation and test rows
    return [row['rich.label'] === '1' ? 0.99 : 0.01, Number(row['hours.label']), odd];
  };
  const { report, err } = await train(await write('seen.csv', seen));
  expect(kindsIn(report!.notes)).toEqual([
    ['in-sample-teacher', 'rich'],
    ['in-sample-teacher', 'hours'],
  ]);
  expect(err).toContain('polytask split --folds');
});

test('bench has a row of the teacher for each seed, and the same file is a model of another program', async () => {
  await write('seed-1.csv');
  const argv = [
    'bench',
    at('people.json'),
    '--models',
    'shared-bottom',
    ...SMALL.slice(0, 2),
    ...SMALL.slice(4),
    '--epochs',
    '1',
  ];
  const given = [
    '--workers',
    '0',
    '--out',
    at('results'),
    '--seeds',
    '1',
    '--teacher-predictions',
    at('seed-{seed}.csv'),
    '--external',
    `other=${directory}`,
  ];
  expect((await run(...argv, ...given)).code).toBe(0);
  const lines = (await readFile(at('results', 'results.jsonl'), 'utf8')).trimEnd().split('\n');
  const trials = lines.map((line) => JSON.parse(line) as TrainingReport['trials'][0]);
  const [teacher, other] = ['teacher', 'other'].map((name) => trials.find(({ model }) => model === name)!);
  expect(teacher!.metrics).toEqual(other!.metrics);
});

test.each<[string, (lines: string[]) => string[], string]>([
  ['a row without a prediction', (lines) => lines.slice(1), 'Expected a prediction for row "'],
  ['a test row without a prediction', (lines) => lines.slice(0, -1), 'Expected a prediction for row "'],
  ['a row twice', (lines) => [lines[0]!, ...lines], 'Expected each row id once in'],
  ['a logit', (lines) => lines.map((line) => line.replace(/,[^,]*/, ',1.5')), 'a probability for task "rich"'],
])('%s is an error before the training', async (name, change, message) => {
  const { code, err } = await train(await write(`${name}.csv`, truth, change));
  expect([code, err]).toEqual([1, expect.stringContaining(message)]);
  expect(err).not.toContain('best epoch');
});

test('a task without its column, a missing file, another seed and two kinds of teachers are errors', async () => {
  const whole = await write('whole.csv');
  await writeFile(at('renamed.csv'), (await readFile(whole, 'utf8')).replace('kind_odd', 'kind_od'));
  expect((await train(at('renamed.csv'))).err).toContain('Did you mean "kind_od"?');
  expect((await train(at('nowhere.csv'))).err).toContain('received no such file');
  expect((await train(whole, '--seed', '2')).err).toContain(
    'that polytask split wrote for this data, these tasks and this seed',
  );
  expect((await train(whole, '--teacher-model', directory)).err).toContain(
    'Expected one teacher: a trained model or predictions',
  );
});
