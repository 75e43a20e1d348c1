import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { randomStream } from '@polytask/core';
import { encode, fromRows, readTrainedModel } from '@polytask/data';
import { serve } from '@polytask/server';
import { evaluate } from '@polytask/training';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { main } from '../cli/main.ts';
import { capturedIo } from '../testing/captured-io.ts';
import type { Drift } from './drift-document.ts';

let directory: string;
const at = (name: string) => path.join(directory, name);
const described = {
  files: 'people.csv',
  features: { age: 'numeric', state: 'categorical' },
  tasks: { rich: { kind: 'binary', positive: 'yes' }, hours: 'regression' },
};

interface Person {
  age: number | string;
  state: string;
  rich: string;
  hours: number;
}

/** People whose age tells whether they are rich. */
function people(seed: number, size: number, change: (person: Person, i: number) => Partial<Person> = () => ({})) {
  const draws = randomStream(seed, 'people').uniform(3 * size);
  return Array.from({ length: size }, (_, i): Person => {
    const [a = 0, b = 0, c = 0] = draws.subarray(3 * i, 3 * i + 3);
    const age = Math.round(20 + 60 * a);
    const person = { age, state: b < 0.6 ? 'Utah' : 'Ohio', rich: c < a ? 'yes' : 'no', hours: Math.round(40 * c) };
    return { ...person, ...change(person, i) };
  });
}

const write = (name: string, rows: readonly Person[], columns: readonly (keyof Person)[]) =>
  writeFile(at(name), `${columns.join()}\n${rows.map((row) => columns.map((key) => row[key]).join()).join('\n')}\n`);

const ALL = ['age', 'state', 'rich', 'hours'] as const;

async function run(...argv: string[]) {
  const { io, out, err } = capturedIo();
  const code = await main(argv, io);
  return { code, out: out(), err: err() };
}

const driftOf = async (file: string, ...more: string[]): Promise<Drift> => {
  const { code, out, err } = await run('drift', at('m'), at(file), '--json', '--engine', 'cpu', ...more);
  expect([code, err]).toEqual([0, '']);
  return JSON.parse(out) as Drift;
};
const named = ({ features, predictions }: Drift) =>
  Object.fromEntries([...features, ...predictions].map((each) => [each.name, each]));

beforeAll(async () => {
  directory = await mkdtemp(path.join(os.tmpdir(), 'polytask-drift-'));
  await write('people.csv', people(1, 1000), ALL);
  await writeFile(at('people.json'), JSON.stringify(described));
  const SMALL = ['--levels', '4', '--tower', '2', '--epochs', '2', '--engine', 'cpu'];
  const { code, err } = await run('train', at('people.json'), '--out', at('m'), ...SMALL);
  expect(code).toBe(0);
  expect(err).toContain('profile.json');
});
afterAll(() => rm(directory, { recursive: true, force: true }));

test('rows like those of the training have not drifted', async () => {
  await write('same.csv', people(2, 800), ALL);
  const drift = await driftOf('same.csv');
  expect(drift.findings).toEqual([]);
  expect(Object.values(named(drift)).map(({ name, verdict }) => [name, verdict])).toEqual([
    ['age', 'stable'],
    ['state', 'stable'],
    ['rich', expect.stringMatching(/stable|noise/)],
    ['hours', expect.stringMatching(/stable|noise/)],
  ]);
});

test('a service that receives the rows with their labels has the scores of evaluate', async () => {
  const rows = people(2, 800, (_, i) => ({ age: 20 + 0.07 * ((7 * i) % 800) })); // engines may break ties
  const { model, rows: format } = await readTrainedModel(at('m'));
  const declaration = { features: format.features, tasks: format.tasks };
  const metrics = { rich: ['auc', 'ne', 'logLoss', 'calibration', 'accuracy', 'ece'], hours: ['rmse', 'mae'] };
  const scores = await evaluate(model, encode(fromRows(rows as never, declaration), model.schema), { metrics });
  model.dispose();
  const service = await serve(at('m'), { port: 0 });
  const [body, headers] = [JSON.stringify(rows), { 'content-type': 'application/json' }];
  const answer = await fetch(`${service.url}/labels`, { method: 'POST', body, headers });
  expect(await answer.json()).toEqual({ labels: { rich: 800, hours: 800 } });
  const text = await (await fetch(`${service.url}/metrics`)).text();
  await service.close();
  for (const [task, names] of Object.entries(metrics))
    for (const name of names) {
      const found = new RegExp(`^polytask_label_score{task="${task}",metric="${name}"} (\\S+)$`, 'm').exec(text);
      expect(Number(found![1]), `${task} ${name}`).toBeCloseTo(scores[task]![name]!, 4);
    }
});

test('other units, unseen ids, and missing cells are found, and the text says what to do', async () => {
  const changed = people(3, 800, ({ age }, i) => ({
    age: i % 3 ? 12 * Number(age) : '',
    state: i % 2 ? 'Guam' : 'Utah',
  }));
  await write('changed.csv', changed, ['age', 'state']);
  const drift = await driftOf('changed.csv');
  expect(drift.features.map(({ verdict }) => verdict)).toEqual(['large', 'large']);
  expect(named(drift)['age']!.missing).toEqual({ then: 0, now: 267 / 800 });
  expect(named(drift)['state']!.unseen).toEqual({ then: 0, now: 0.5 });
  const { code, out, err } = await run('drift', at('m'), at('changed.csv'), '--fail-above', '0.25', '--engine', 'cpu');
  expect(code).toBe(1);
  expect(err).toMatch(/^Above 0.25: age, state/);
  expect(out).toContain('2 features of 2 drifted: age, state.');
  expect(out).toMatch(/age: the mean is \d+, and was \d\d.*Has it another unit\?/);
  expect(out).toContain('state: 50.0% of the values are unknown to the model.');
  const moved = drift.findings.at(-1)!;
  expect(moved).toMatchObject({
    ...{ kind: 'shifted-predictions', remedy: { command: `polytask evaluate ${at('m')} ${at('changed.csv')}` } },
    evidence: { tasks: { rich: named(drift)['rich']!.psi } },
  });
  expect(out.replace(/\s+/g, ' ')).toContain(moved.message);
});

test('a model without a profile, and an earlier one, need a reference', async () => {
  await write('few.csv', people(4, 8), ['age', 'state']);
  await write('old.csv', people(5, 600), ['age', 'state']);
  const few = await driftOf('few.csv');
  expect(few.features.filter(({ verdict }) => verdict === 'large' || verdict === 'moderate')).toEqual([]);
  const profile = await readFile(at('m/profile.json'));
  await rm(at('m/profile.json'));
  expect(await run('drift', at('m'), at('few.csv'))).toMatchObject({
    code: 1,
    err: expect.stringMatching(
      /Expected profile\.json of this model in .*received none.*--reference old\.csv/,
    ) as string,
  });
  await writeFile(at('m/profile.json'), profile);
  const drift = await driftOf('old.csv', '--reference', at('old.csv'));
  expect(drift.features.map(({ psi }) => psi)).toEqual([0, 0]);
  await write(
    'far.csv',
    people(5, 600, ({ age }) => ({ age: 1000 * Number(age) })),
    ['age', 'state'],
  );
  const far = await driftOf('far.csv', '--reference', at('far.csv')); // probabilities near 0 or 1, by two engines
  expect(far.predictions.map(({ psi }) => psi)).toEqual([0, 0]);
  await writeFile(at('none.jsonl'), '');
  expect((await run('drift', at('m'), at('none.jsonl'))).err).toMatch(/Expected at least one row in .*none\.jsonl/);
});

test('a calibrated model keeps the profile of its features, and has new predictions of the calibrated tasks', async () => {
  await write('labeled.csv', people(6, 900), ALL);
  const before = await driftOf('labeled.csv');
  expect((await run('calibrate', at('m'), at('labeled.csv'), '--calibration', 'platt')).code).toBe(0);
  const after = await driftOf('labeled.csv');
  expect(named(after)['rich']!.psi).toBe(0);
  expect(named(after)['hours']).toEqual(named(before)['hours']);
  expect(after.features).toEqual(before.features);
  expect((await run('calibrate', at('m'), at('labeled.csv'), '--threshold', 'f1')).code).toBe(0); // another model.json
  expect(named(await driftOf('labeled.csv'))).toEqual(named(after));
});

test('predict names the features of the first rows that are unlike those of the training', async () => {
  const predicted = async (file: string, ...more: string[]) => {
    const { code, err } = await run('predict', at('m'), at(file), '--out', at('p.csv'), '--force', ...more);
    expect(code).toBe(0);
    return err.replace(/^Predicting.*\n/, '');
  };
  await write('like.csv', people(7, 500), ['age', 'state']);
  expect(await predicted('like.csv')).toBe('');
  const other = (size: number) =>
    people(8, size, ({ age, state }, i) => ({ age: 12 * +age, state: i % 2 ? state.toUpperCase() : state }));
  await write('other.csv', other(500), ['age', 'state']);
  expect(await predicted('other.csv')).toMatch(
    /^The rows are unlike those of the training \(polytask drift says more\):\n- age: the mean is \d+, and was \d\d\.\d\. Has it another unit\?\n- state: 50\.0% of the values are unknown to the model\. Are they spelled as in the training\? If so, train on rows like these, with labels: `polytask train \S*other\.csv --from \S*m --out \S*m-2`\.\n$/,
  );
  await write('large.csv', other(10_001), ['age', 'state']);
  expect(await predicted('large.csv')).toMatch(/^The first 10,000 rows are unlike/);
  await write('few.csv', other(9), ['age', 'state']);
  expect(await predicted('few.csv')).toBe('');
});

test('predict and drift take the encoding of a file, and refuse UTF-8 that is read as another one', async () => {
  await writeFile(at('latin.csv'), Buffer.from('age,state\n41,Kärnten\n', 'latin1'));
  await writeFile(at('utf8.csv'), 'age,state\n41,Kärnten\n');
  const predict = (file: string, ...more: string[]) =>
    run('predict', at('m'), at(file), '--out', at('e.csv'), '--force', ...more);
  expect(await predict('latin.csv')).toMatchObject({
    code: 1,
    err: expect.stringContaining("Pass encoding: 'latin1'"),
  });
  expect(await predict('latin.csv', '--encoding', 'latin1')).toMatchObject({ code: 0 });
  const wrong = {
    code: 1,
    err: expect.stringContaining("received UTF-8, whose letters would be other ones. Pass encoding: 'utf-8'"),
  };
  expect(await predict('utf8.csv', '--encoding', 'latin1')).toMatchObject(wrong);
  expect(await run('drift', at('m'), at('utf8.csv'), '--encoding', 'latin1')).toMatchObject(wrong);
});

test('a yes in another spelling is refused by all commands that read labels, which drift does not', async () => {
  await write(
    'spelled.csv',
    people(9, 50, ({ rich }) => ({ rich: rich.toUpperCase() })),
    ALL,
  );
  expect(await driftOf('spelled.csv')).toMatchObject({ rows: 50 });
  for (const [command, ...more] of [
    ['evaluate'],
    ['diagnose'],
    ['explain'],
    ['calibrate', '--threshold', 'f1'],
  ] as const) {
    const { code, err } = await run(command, at('m'), at('spelled.csv'), '--engine', 'cpu', ...more);
    expect([command, code, err]).toEqual([
      command,
      1,
      expect.stringContaining('column "rich" has "YES", which counts as no'),
    ]);
  }
});
