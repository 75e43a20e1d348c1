import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { main } from './cli/main.ts';
import { capturedIo } from './testing/captured-io.ts';

let directory: string;
const at = (name: string) => path.join(directory, name);

const people = Array.from({ length: 200 }, (_, i) => ({
  age: 20 + i / 5,
  state: i % 3 ? 'Utah' : 'Ohio',
  rich: (i * 7919) % 41 > i % 41 ? 'no' : 'yes',
  hours: i % 7,
}));
type Person = (typeof people)[number];
const write = (
  name: string,
  rows: readonly Person[],
  columns: readonly (keyof Person)[] = ['age', 'state', 'rich', 'hours'],
) => writeFile(at(name), `${columns.join()}\n${rows.map((row) => columns.map((key) => row[key]).join()).join('\n')}\n`);

async function run(...argv: string[]) {
  const { io, out, err } = capturedIo();
  const code = await main([...argv, '--engine', 'cpu'], io);
  return { code, out: out().replace(/\s+/g, ' '), err: err() };
}

const document = (name: string, content: object) =>
  writeFile(
    at(name),
    JSON.stringify({
      features: { age: 'numeric', state: 'categorical' },
      tasks: { rich: { kind: 'binary', positive: 'yes' }, hours: 'regression' },
      ...content,
    }),
  );

const others = people.map((row) => ({ ...row, age: row.age + 0.1 }));

beforeAll(async () => {
  directory = await mkdtemp(path.join(os.tmpdir(), 'polytask-unseen-'));
  await write('people.csv', people);
  await document('people.json', { files: 'people.csv' });
  const sizes = ['--levels', '4', '--tower', '2', '--embedding', '2', '--epochs', '1'];
  expect((await run('train', at('people.json'), '--out', at('m'), ...sizes)).code).toBe(0);
  const sorted = [...people].sort((a, b) => b.hours - a.hours || b.age - a.age);
  await write('sorted.csv', sorted, ['hours', 'rich', 'state', 'age']);
  await write(
    'minutes.csv',
    sorted.map((row) => ({ ...row, hours: 60 * row.hours })),
  );
  await write('mixed.csv', [...sorted, ...others.slice(0, 60)]);
});
afterAll(() => rm(directory, { recursive: true, force: true }));

const IN_TRAINING = 'have the features of rows that the model was trained or validated on, and are left out.';

test('what scores a saved model leaves out the rows that it was trained on, and says how many', async () => {
  for (const file of ['people.csv', 'sorted.csv', 'minutes.csv']) {
    const evaluated = await run('evaluate', at('m'), at(file), '--json');
    const { rows, tasks, leftOut } = JSON.parse(evaluated.out) as {
      rows: number;
      tasks: { rows: number }[];
      leftOut: object[];
    };
    expect([rows, tasks.map((each) => each.rows), leftOut], file).toEqual([
      20,
      [20, 20],
      [{ rows: `rows of ${file}`, of: 200, seen: 180, withValidation: true }],
    ]);
  }
  expect((await run('evaluate', at('m'), at('sorted.csv'))).out).toContain(
    `180 of 200 rows of sorted.csv ${IN_TRAINING}`,
  );
  expect((await run('diagnose', at('m'), at('mixed.csv'))).out).toMatch(/m on 80 rows .* 180 of 260 rows of mixed.csv/);
  const explained = await run('explain', at('m'), at('mixed.csv'), '--repeats', '1');
  expect(explained.out).toContain(`180 of 260 rows of mixed.csv ${IN_TRAINING}`);
  expect((await run('explain', at('m'), at('mixed.csv'), '--no-importance')).out).not.toContain('left out');
  const calibrated = await run('calibrate', at('m'), at('mixed.csv'), '--calibration', 'platt'); // validation rows stay
  expect(calibrated.out).toContain(`160 of 260 rows of mixed.csv ${IN_TRAINING.replace(' or validated', '')}`);
});

test('a model whose calibration was fitted, or that was trained further, still knows all its rows', async () => {
  const before = await readFile(at('m/rows.json'), 'utf8');
  expect((await run('calibrate', at('m'), at('sorted.csv'), '--threshold', 'f1')).code).toBe(0);
  expect(await readFile(at('m/rows.json'), 'utf8')).toBe(before);
  expect((await run('diagnose', at('m'), at('sorted.csv'))).out).toContain('m on 20 rows');

  await write('new.csv', [...people.slice(0, 100), ...others]);
  const further = await run(
    'train',
    at('new.csv'),
    '--from',
    at('m'),
    '--out',
    at('m2'),
    '--old-data',
    at('sorted.csv'),
    '--epochs',
    '1',
  );
  expect([further.code, further.err]).toEqual([0, expect.stringContaining('rows.json')]);
  expect(further.out).toMatch(/\d+ of 30 validation rows of new.csv have the features of rows/);
  expect(further.out).toMatch(/\d+ of 30 test rows of new.csv have the features of rows/);
  expect(further.out).toMatch(/18\d|19\d of 200 old rows of sorted.csv have the features of rows/);
  const { report } = JSON.parse(await readFile(at('m2/scores.json'), 'utf8')) as {
    report: { continued: { compared: { size: number }[]; leftOut: { of: number; seen: number }[] } };
  };
  const [, ...measured] = report.continued.leftOut.map(({ of, seen }) => of - seen);
  expect(report.continued.compared.map(({ size }) => size)).toEqual(measured);
  const evaluated = await run('evaluate', at('m2'), at('people.csv'), '--json');
  const [{ seen }] = (JSON.parse(evaluated.out) as { leftOut: [{ seen: number }] }).leftOut;
  expect(seen).toBeGreaterThanOrEqual(180);
});

test('a file of rows of the training alone is an error, before anything is trained', async () => {
  await write('seen.csv', people);
  for (const file of ['others.csv', 'others-2.csv']) await write(file, others);
  await document('all.json', { files: { train: 'people.csv', validation: 'others.csv', test: 'others-2.csv' } });
  expect((await run('train', at('all.json'), '--out', at('t'), '--levels', '4', '--epochs', '1')).code).toBe(0);
  const message =
    "Expected rows of seen.csv that the model wasn't trained on, received 200 rows, all of which are rows of its training.";
  for (const command of [['calibrate', '--threshold', 'f1'], ['diagnose'], ['evaluate'], ['explain']]) {
    const [name, ...more] = command as [string, ...string[]];
    const { code, err } = await run(name, at('t'), at('seen.csv'), ...more);
    expect([code, err], name).toEqual([1, expect.stringContaining(message)]);
  }
  const further = await run('train', at('seen.csv'), '--from', at('t'), '--out', at('t2'));
  expect(further.err).toContain("Expected validation rows that the model wasn't trained on, received 20 rows");
  expect(further.err).not.toContain('epoch');
});

test('on the whole file of the training, a model has the scores of its test rows to the last bit, also of equal rows', async () => {
  // 600 rows with 60 different features, sorted by their labels, so that most rows have the features of another one
  const repeated = Array.from({ length: 600 }, (_, i) => ({
    ...{ age: 20 + ((i * 7) % 20), state: ['Utah', 'Ohio', 'Iowa'][i % 3]! },
    ...{ rich: i < 200 ? 'yes' : 'no', hours: i >> 7 },
  }));
  await write('repeated.csv', repeated);
  await document('repeated.json', { files: 'repeated.csv' });
  const sizes = ['--levels', '4', '--tower', '2', '--embedding', '2', '--epochs', '1'];
  expect((await run('train', at('repeated.json'), '--out', at('r'), ...sizes)).code).toBe(0);
  const predictions = ['--against', at('r/test-predictions.csv')];
  const { out } = await run('evaluate', at('r'), at('repeated.csv'), ...predictions, '--json');
  const { rows, tasks, training, leftOut } = JSON.parse(out) as {
    rows: number;
    tasks: { task: string; scores: Record<string, { value: number }> }[];
    training: Record<string, Record<string, number>>;
    leftOut: object[];
  };
  expect([rows, leftOut]).toEqual([60, [{ rows: 'rows of repeated.csv', of: 600, seen: 540, withValidation: true }]]);
  const scores = Object.fromEntries(tasks.map((each) => [each.task, each.scores]));
  for (const [task, metrics] of Object.entries(training))
    for (const [metric, value] of Object.entries(metrics)) expect(scores[task]![metric]!.value, metric).toBe(value);
  expect(Object.keys(training)).toEqual(['rich', 'hours']);
});
