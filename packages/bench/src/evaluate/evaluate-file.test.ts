import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { randomStream } from '@polytask/core';
import { auc, f1 } from '@polytask/metrics';
import type { EvaluationReport } from '@polytask/study';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { main } from '../cli/main.ts';
import { capturedIo } from '../testing/captured-io.ts';

let directory: string;
const at = (name: string) => path.join(directory, name);

interface Person {
  readonly age: number;
  readonly state: string;
  readonly rich: string;
  readonly kind: string;
  readonly hours: number;
}

const COLUMNS = ['age', 'state', 'rich', 'kind', 'hours'] as const;

/** People whose age tells whether they are rich, in Utah; in Ohio nothing tells it. */
function people(seed: number, size: number): Person[] {
  const draws = randomStream(seed, 'people').uniform(3 * size);
  return Array.from({ length: size }, (_, i) => {
    const [a = 0, b = 0, c = 0] = draws.subarray(3 * i, 3 * i + 3);
    const state = b < 0.5 ? 'Utah' : 'Ohio';
    const isRich = state === 'Utah' ? a > 0.5 : c > 0.5;
    const kind = a < 0.4 ? 'young' : a < 0.8 ? 'grown' : 'old';
    return {
      age: Math.round(2e7 + 6e7 * a) / 1e6,
      state,
      rich: isRich ? 'yes' : 'no',
      kind,
      hours: Math.round(40 * a),
    };
  });
}

const write = (name: string, rows: readonly Person[]) =>
  writeFile(at(name), `${COLUMNS.join()}\n${rows.map((row) => COLUMNS.map((key) => row[key]).join()).join('\n')}\n`);

async function run(...argv: string[]) {
  const { io, out, err } = capturedIo();
  const code = await main(argv, io);
  return { code, out: out(), err: err() };
}

const evaluated = async (...more: string[]): Promise<EvaluationReport> => {
  const { code, out, err } = await run('evaluate', at('m'), at('new.csv'), '--json', '--engine', 'cpu', ...more);
  expect([code, err]).toEqual([0, '']);
  return JSON.parse(out) as EvaluationReport;
};

const NEW = people(2, 600);

beforeAll(async () => {
  directory = await mkdtemp(path.join(os.tmpdir(), 'polytask-evaluate-'));
  await write('people.csv', people(1, 1500));
  await write('new.csv', NEW);
  const tasks = { rich: { kind: 'binary', positive: 'yes' }, kind: 'multiclass', hours: 'regression' };
  const described = { files: 'people.csv', features: { age: 'numeric', state: 'categorical' }, tasks };
  await writeFile(at('people.json'), JSON.stringify(described));
  const kind = { kind: 'multiclass', classes: ['young', 'old', 'grown'] }; // in another order
  await writeFile(at('otherwise.json'), JSON.stringify({ ...described, tasks: { ...tasks, kind } }));
  const SMALL = ['--levels', '8', '--tower', '4', '--engine', 'cpu', '--no-boosting'];
  for (const [data, out, epochs, ...more] of [
    ['people.json', 'm', '12', '--intervals', '0.8'],
    ['otherwise.json', 'worse', '1'],
  ] as const) {
    expect((await run('train', at(data), '--out', at(out), ...SMALL, '--epochs', epochs, ...more)).code).toBe(0);
  }
  expect((await run('predict', at('m'), at('new.csv'), '--out', at('own.csv'))).code).toBe(0);
  expect((await run('predict', at('worse'), at('new.csv'), '--out', at('worse.csv'))).code).toBe(0);
});
afterAll(() => rm(directory, { recursive: true, force: true }));

/** The columns of a file of predictions. */
async function predictions(name: string): Promise<Record<string, string[]>> {
  const [head, ...lines] = (await readFile(at(name), 'utf8')).trim().split('\n');
  return Object.fromEntries(head!.split(',').map((column, i) => [column, lines.map((line) => line.split(',')[i]!)]));
}

test('scores, decisions and errors are those of the predictions that predict writes', async () => {
  const { tasks, rows, leftOut } = await evaluated('--metrics', 'auc,f1,mae,macroF1', '--threshold', '0.4');
  const columns = await predictions('own.csv');
  const p = columns['rich']!.map(Number);
  const labels = NEW.map(({ rich }) => Number(rich === 'yes'));
  expect([rows, leftOut[0]!.seen]).toEqual([600, 0]);
  const [rich, kind, hours] = tasks as [(typeof tasks)[number], (typeof tasks)[number], (typeof tasks)[number]];
  expect(rich.scores['auc']!.value).toBeCloseTo(auc(labels, p), 5);
  const both = rich.confusion!.counts;
  const count = (label: number, yes: boolean) =>
    labels.filter((own, i) => own === label && p[i]! >= 0.4 === yes).length;
  expect(both).toEqual([0, 1].map((label) => [count(label, false), count(label, true)]));
  const decision = rich.thresholds!.find(({ rule }) => rule === 'given')!;
  expect([decision.at, decision.f1]).toEqual([0.4, expect.closeTo(f1(labels, p, { threshold: 0.4 }), 9)]);
  const right = NEW.filter((row, i) => row.kind === columns['kind']![i]).length;
  expect(kind.confusion!.counts.reduce((sum, row, c) => sum + row[c]!, 0)).toBe(right);
  const errors = NEW.map((row, i) => row.hours - Number(columns['hours']![i]));
  expect(hours.residuals!.mean).toBeCloseTo(errors.reduce((a, b) => a + b) / 600, 3);
  const worst = errors.map(Math.abs).indexOf(Math.max(...errors.map(Math.abs)));
  expect(hours.worst[0]).toMatchObject({
    row: expect.stringContaining(`new.csv, line ${worst + 2}`) as string,
    label: NEW[worst]!.hours,
  });
});

test('coverage is the share of labels within the intervals that predict writes', async () => {
  const { tasks } = await evaluated();
  const { 'hours.low': low, 'hours.high': high, 'kind.set': set } = await predictions('own.csv');
  const shareOf = (isIn: (row: Person, i: number) => boolean) => NEW.filter(isIn).length / NEW.length;
  const [, kind, hours] = tasks.map(({ interval }) => interval);
  expect([kind, hours].map((each) => each!.level)).toEqual([0.8, 0.8]);
  expect(hours!.coverage).toBe(shareOf((row, i) => row.hours >= Number(low![i]) && row.hours <= Number(high![i])));
  expect(kind!.coverage).toBe(shareOf((row, i) => set![i]!.split('|').includes(row.kind)));
  const { out } = await run('evaluate', at('m'), at('new.csv'));
  expect(out.replace(/\s+/g, ' ')).toContain(
    `${(100 * hours!.coverage).toFixed(1)}% of the labels of hours are within its intervals, which promise 80.0%.`,
  );
});

test('a threshold by cost is chosen on these rows, and the table has its cost per row', async () => {
  const { tasks } = await evaluated('--metrics', 'f1', '--threshold', 'cost(falsePositive=1,falseNegative=5)');
  const p = (await predictions('own.csv'))['rich']!.map(Number);
  const costAt = (at: number) => {
    const each = NEW.map(({ rich }, i) => (p[i]! >= at === (rich === 'yes') ? 0 : rich === 'yes' ? 5 : 1));
    return each.reduce<number>((a, b) => a + b, 0) / p.length;
  };
  const { thresholds } = tasks[0]!;
  const chosen = thresholds!.find(({ rule }) => rule === 'cost, on these rows')!;
  expect(thresholds!.filter(({ rule }) => !rule).map(({ cost }) => cost)).toEqual(
    thresholds!.filter(({ rule }) => !rule).map(({ at: step }) => expect.closeTo(costAt(step), 9) as number),
  );
  expect(chosen.cost).toBeCloseTo(Math.min(...p.map(costAt)), 9);
  expect(Object.keys(tasks[0]!.scores)).toEqual([`f1@${chosen.at}`]);
});

test('a segment on which the model is worse is found', async () => {
  const { segments } = await evaluated('--by', 'state', '--metrics', 'auc');
  expect(segments.map(({ segment, task, verdict }) => [segment, task, verdict]).sort()).toEqual([
    ['Ohio', 'rich', 'worse'],
    ['Utah', 'rich', 'better'],
  ]);
});

test('another model, and its predictions in a file, are compared on the same rows', async () => {
  const model = await evaluated('--against', at('worse'));
  const file = await evaluated('--against', at('worse.csv'));
  expect(model.against!.tasks['hours']).toMatchObject({ metric: 'rmse', verdict: 'better' });
  for (const task of ['rich', 'kind', 'hours'])
    expect(file.against!.tasks[task]!.other).toBeCloseTo(model.against!.tasks[task]!.other, 4);
  expect([model, file].map(({ against }) => [against!.other, against!.inOrderOf])).toEqual([
    [at('worse'), undefined],
    [at('worse.csv'), 'new.csv'],
  ]);
  await write('other.csv', NEW.slice(1));
  const { code, err } = await run('evaluate', at('m'), at('other.csv'), '--against', at('worse.csv'));
  expect([code, err]).toEqual([1, expect.stringContaining('a prediction for each of the 599 rows of')]);
});

test('predictions with a column of places are matched by it, in any order and beside labels', async () => {
  const file = await evaluated('--against', at('worse.csv'));
  const [head, ...lines] = (await readFile(at('worse.csv'), 'utf8')).trim().split('\n');
  const placed = lines.map((line, i) => `"elsewhere/new.csv, line ${i + 2}",0,${line}`).reverse();
  const writePlaced = (rows: readonly string[]) =>
    writeFile(at('placed.csv'), [`row,rich.label,${head}`, ...rows, ''].join('\n'));
  await writePlaced(placed);
  const { tasks } = (await evaluated('--against', at('placed.csv'))).against!;
  for (const task of ['rich', 'kind', 'hours']) expect(tasks[task]).toEqual(file.against!.tasks[task]);

  const refused = async () => (await run('evaluate', at('m'), at('new.csv'), '--against', at('placed.csv'))).err;
  await writePlaced(placed.slice(1));
  expect(await refused()).toMatch(/new\.csv, line 601 in .*placed\.csv, received no such place in its column row/);
  await writePlaced([...placed, placed[0]!]);
  expect(await refused()).toContain('received "new.csv, line 601" twice');

  const { out } = await run('evaluate', at('m'), at('people.csv'), '--against', at('m/test-predictions.csv'), '--json');
  const { against, rows } = JSON.parse(out) as EvaluationReport;
  expect([rows, against!.tasks['rich']!.difference]).toEqual([150, expect.closeTo(0, 9)]);
});

test("a user's own column row says nothing of places", async () => {
  const file = await evaluated('--against', at('worse.csv'));
  const [head, ...lines] = (await readFile(at('worse.csv'), 'utf8')).trim().split('\n');
  await writeFile(at('own.csv'), [`row,${head}`, ...lines.map((line, i) => `${7 * i},${line}`), ''].join('\n'));
  const own = await evaluated('--against', at('own.csv'));
  expect(own.against).toEqual({ ...file.against!, other: at('own.csv') });
  await write('fewer.csv', NEW.slice(1));
  expect((await run('evaluate', at('m'), at('fewer.csv'), '--against', at('own.csv'))).err).toMatch(
    /or a column row of their places, such as "fewer\.csv, line 2", received 600 rows in .*own\.csv with "0" in column row/,
  );
});

test('a model whose classes are others, or whose labels, is refused', async () => {
  const rows = people(3, 300);
  await write(
    'old.csv',
    rows.filter(({ kind }) => kind !== 'young'),
  );
  await write(
    'rich.csv',
    rows.map((row, i) => ({ ...row, rich: i % 3 === 0 ? '?' : row.rich })),
  );
  const described = JSON.parse(await readFile(at('people.json'), 'utf8')) as object;
  const SMALL = ['--levels', '4', '--engine', 'cpu', '--no-boosting', '--epochs', '1'];
  for (const [name, more] of [
    ['old', {}],
    ['rich', { csv: { missing: ['?'] } }],
  ] as const) {
    await writeFile(at(`${name}.json`), JSON.stringify({ ...described, files: `${name}.csv`, ...more }));
    expect((await run('train', at(`${name}.json`), '--out', at(name), ...SMALL)).code).toBe(0);
  }
  await write(
    'grown.csv',
    NEW.filter(({ kind }) => kind !== 'young'),
  );
  const refused = async (against: string, file: string) =>
    (await run('evaluate', at('m'), at(file), '--against', at(against))).err;
  expect(await refused('old', 'grown.csv')).toContain('Compare models of the same classes.');
  expect(await refused('rich', 'rich.csv')).toMatch(/a label of task "rich" in .*rich\.csv, line \d+, received none/);
});

test('rows of the training are left out, but for its test rows, and the page has each part', async () => {
  await write('mixed.csv', [...people(1, 1500), ...NEW]);
  const { out, code } = await run('evaluate', at('m'), at('mixed.csv'), '--out', at('page.html'), '--by', 'state');
  expect(code).toBe(0);
  expect(out).toMatch(/1,350 of 2,100 rows\s+of\s+mixed\.csv/);
  const page = await readFile(at('page.html'), 'utf8');
  for (const part of ['By state', 'Largest errors', 'predicted yes', 'positives found', 'Calibration'])
    expect(page).toContain(part);
  expect(page).toContain('Precision, recall and F1 by threshold');
  const { out: both } = await run('evaluate', at('m'), at('mixed.csv'), '--against', at('worse'), '--json');
  const { leftOut, rows } = JSON.parse(both) as EvaluationReport;
  expect([leftOut.map(({ seen, model }) => [seen, model]), rows]).toEqual([
    [
      [1350, undefined],
      [1350, at('worse')],
    ],
    750,
  ]);
});

test('a file may be written otherwise, and lack the labels of a task; wrong choices are refused', async () => {
  const cells = (row: Person) => COLUMNS.map((key) => (key === 'kind' ? '' : row[key])).join(';');
  await writeFile(at('semicolons.csv'), `${COLUMNS.join(';')}\n${NEW.map(cells).join('\n')}\n`);
  const usual = await evaluated();
  const { code, out } = await run('evaluate', at('m'), at('semicolons.csv'), '--delimiter', ';', '--json');
  const { tasks, unlabeled } = JSON.parse(out) as EvaluationReport;
  expect([code, unlabeled, tasks.map(({ task }) => task)]).toEqual([0, ['kind'], ['rich', 'hours']]);
  expect(tasks[0]!.scores['auc']!.value).toBeCloseTo(usual.tasks[0]!.scores['auc']!.value, 6);
  const refused = async (...more: string[]) => (await run('evaluate', at('m'), at('new.csv'), ...more)).err;
  expect(await refused('--metrics', 'f2')).toContain('received "f2"');
  expect(await refused('--threshold', '1.5')).toContain('a number in [0, 1] for threshold, received 1.5');
  expect(await refused('--by', 'nothing')).toContain('Expected column "nothing"');
});
