import { recordOf } from '@polytask/components';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, test } from 'vitest';
import { platt } from '../calibrations/index.ts';
import { type denseSchema } from '../features/schema.ts';
import { count, ordinal, quantiles } from '../kinds/index.ts';
import { multiTaskModel, type MultiTaskModel } from '../model/model.ts';
import { binary } from '../tasks/binary.ts';
import { regression } from '../tasks/regression.ts';
import { tinyExpert, tinyModel, tinyNetwork, tinyRows as ROWS, tinySchema } from '../testing/tiny.ts';
import { enumerated, shapley, type Plan } from './coalitions.ts';
import { oneStratum } from './strata.ts';
import { explainRows, type OutputExplanation } from './explain-rows.ts';

beforeAll(() => tf.setBackend('cpu'));

type Row = Readonly<Record<string, unknown>>;

const sumOf = (values: Readonly<Record<string, number>>) => Object.values(values).reduce((a, b) => a + b, 0);

function expectSums({ base, value, contributions, experts }: OutputExplanation) {
  expect(base + sumOf(contributions)).toBeCloseTo(value, 9);
  if (experts) expect(base + experts.gates + sumOf(experts.units)).toBeCloseTo(value, 6);
}

/** The Shapley values of rows as a user writes them. @param valueOf the explained numbers of some rows */
function enumeratedOn(row: Row, background: readonly Row[], valueOf: (rows: readonly Row[]) => number[]) {
  const names = Object.keys(row);
  const plan = enumerated(names.length);
  const values = background.map((other) =>
    valueOf(plan.coalitions.map((has) => recordOf(names, (name, f) => (has[f] ? row : other)[name]))),
  );
  const { contributions } = shapley(
    Array(values.length).fill(plan) as Plan[],
    names.length,
    oneStratum(values.length),
    (b, c) => values[b]![c]!,
  );
  return recordOf(names, (_, f) => contributions[f]!);
}

test('contributions of every kind of feature are those of an enumeration on rows, for every task', async () => {
  const { income: _, ...features } = tinySchema.features;
  const model = tinyModel({ schema: { ...tinySchema, features } });
  const tinyRows = ROWS.map(({ income: _income, ...row }) => row);
  const { method, background, rows } = await explainRows(model, tinyRows.slice(0, 2), {
    background: tinyRows.slice(1),
  });
  expect({ method, background }).toEqual({ method: 'enumeration', background: 2 });
  const logit = (p: number) => Math.log(p / (1 - p));
  for (const [r, row] of tinyRows.slice(0, 2).entries()) {
    const { click, stars, minutes } = rows[r]!;
    expect([click.scale, stars.scale, minutes.scale]).toEqual(['log-odds', 'logits', 'label']);
    expect(stars.outputs.map(({ name }) => name)).toEqual(['low', 'middle', 'high']);
    const predicted = model.predict([row]);
    expect(stars.outputs.map(({ prediction }) => prediction)).toEqual([...predicted.stars]);
    for (const output of [click, stars, minutes].flatMap(({ outputs }) => outputs)) expectSums(output);
    const [yes] = click.outputs;
    expect(yes!.value).toBeCloseTo(logit(predicted.click[0]!), 5);
    const ofClick = enumeratedOn(row, tinyRows.slice(1), (all) => [...model.predict(all).click].map(logit));
    const ofMinutes = enumeratedOn(row, tinyRows.slice(1), (all) => [...model.predict(all).minutes]);
    for (const name of Object.keys(row)) {
      expect(yes!.contributions[name]).toBeCloseTo(ofClick[name]!, 5);
      expect(minutes.outputs[0]!.contributions[name]).toBeCloseTo(ofMinutes[name]!, 5);
    }
  }
  model.dispose();
});

/** Eight numbers. */
const FEATURES = Object.fromEntries(
  Array.from({ length: 8 }, (_, i) => [`x${i}`, { kind: 'numeric' as const, mean: i, deviation: 1 + i }]),
);
const rowOf = (seed: number): Row =>
  Object.fromEntries(Object.keys(FEATURES).map((name, i) => [name, Math.sin(seed * 7 + i * i) * 9]));
const BACKGROUND = Array.from({ length: 30 }, (_, i) => rowOf(i + 10));
const wide = (tasks: Parameters<typeof denseSchema>[1], members = 1) =>
  multiTaskModel({
    schema: { features: FEATURES, tasks },
    network: tinyNetwork({ units: 4 }),
    tower: tinyExpert({ units: 3 }),
    seed: 3,
    members,
  }) as unknown as MultiTaskModel;

test('more features are sampled: as many rows of background, sums, errors that fit, and the same result again', async () => {
  const model = wide({ click: binary() });
  const row = { ...rowOf(1), x3: 2.5 };
  const background = BACKGROUND.map((each) => ({ ...each, x3: 2.5 }));
  const explained = await explainRows(model, [row], { background, seed: 4 });
  expect(explained.method).toBe('sampling');
  const [output] = explained.rows[0]!['click']!.outputs;
  expectSums(output!);
  expect([output!.contributions['x3'], output!.errors!['x3']]).toEqual([0, 0]); // all rows have this value
  const exact = enumeratedOn(row, background, (rows) =>
    [...model.predict(rows)['click']!].map((p) => Math.log(p / (1 - p))),
  );
  for (const [name, error] of Object.entries(output!.errors!))
    expect(Math.abs(output!.contributions[name]! - exact[name]!)).toBeLessThanOrEqual(4 * error + 1e-5);
  expect(await explainRows(model, [row], { background, seed: 4 })).toEqual(explained);
  expect(await explainRows(model, [row], { background, seed: 5 })).not.toEqual(explained);
  model.dispose();
});

test('a sample of the background has rows with the rare values of a feature, whatever the seed', async () => {
  const model = wide({ click: binary() });
  const background = Array.from({ length: 600 }, (_, i) => ({ ...rowOf(i + 10), x3: i % 100 === 0 ? 9 : 2.5 }));
  for (let seed = 0; seed < 8; seed++) {
    const { rows, background: used } = await explainRows(model, [{ ...rowOf(1), x3: 2.5 }], { background, seed });
    const [output] = rows[0]!['click']!.outputs;
    expect(used).toBe(100);
    expectSums(output!);
    expect(output!.errors!['x3']).toBeGreaterThan(0); // a simple sample lacks the six rows in one of three cases
  }
  model.dispose();
});

test('each kind of task has its scale, in its unit, with and without members', async () => {
  const tasks = {
    money: regression({ log: true }),
    visits: count(),
    grade: ordinal({ classes: ['a', 'b', 'c'] }),
    days: quantiles({ levels: [0.1, 0.9] }),
  };
  const fitted = {
    ...tasks,
    money: { ...tasks.money, fitted: { mean: 3, deviation: 2 } },
    visits: { ...tasks.visits, fitted: { mean: 5, deviation: 2 } },
    days: { ...tasks.days, fitted: { mean: 40, deviation: 12 } },
  };
  for (const members of [1, 3]) {
    const model = wide(fitted, members);
    const row = rowOf(2);
    const [explained] = (await explainRows(model, [row], { background: BACKGROUND.slice(0, 5) })).rows;
    const predicted = model.predict([row]);
    expect(Object.values(explained!).map(({ scale }) => scale)).toEqual([
      'log-label',
      'log',
      'prediction',
      'prediction',
    ]);
    const money = predicted['money']![0]!;
    expect(explained!['money']!.outputs[0]!.value).toBeCloseTo(Math.sign(money) * Math.log1p(Math.abs(money)), 5);
    expect(explained!['visits']!.outputs[0]!.value).toBeCloseTo(Math.log(predicted['visits']![0]!), 5);
    for (const task of ['grade', 'days'])
      explained![task]!.outputs.forEach(({ value }, i) => expect(value).toBeCloseTo(predicted[task]![i]!, 4));
    for (const { outputs } of Object.values(explained!)) outputs.forEach(expectSums);
    model.dispose();
  }
});

test('members: the log-odds of their mean. A calibration changes the prediction, and not what is explained', async () => {
  const model = wide({ click: binary() }, 4);
  const explain = async () =>
    (await explainRows(model, [rowOf(1)], { background: BACKGROUND })).rows[0]!['click']!.outputs[0]!;
  const before = await explain();
  expect(before.value).toBeCloseTo(Math.log(before.prediction / (1 - before.prediction)), 5);
  model.setCalibrated({ click: { calibration: platt({ slope: 0.5, offset: 1 }) } });
  const after = await explain();
  expect(after).toEqual({ ...before, prediction: expect.any(Number) as number });
  expect(Math.log(after.prediction / (1 - after.prediction))).toBeCloseTo(0.5 * before.value + 1, 5);
  model.dispose();
});

test('experts: an enumeration with outputs of experts that are replaced in runs of one row', async () => {
  const model = tinyModel();
  const [row, ...background] = ROWS as readonly Row[];
  const explained = (await explainRows(model, [row!], { background })).rows[0]!;
  /** The logit of a task, and the experts' outputs. @param given those that replace them */
  const run = (one: Row, given?: readonly tf.Tensor[]) => {
    let seen: tf.Tensor[] = [];
    const { logits } = model.forward(model.toTensors(model.encode([one])), {
      experts: (outputs) => (given ? tf.stack([...given]) : ((seen = tf.unstack(outputs)), outputs)) as tf.Tensor3D,
    });
    return { logit: logits.click.dataSync()[0]!, seen };
  };
  tf.tidy(() => {
    const units = [...new Set(model.network.levels[0]!.experts.map(({ unit }) => unit))];
    const unitOf = model.network.levels[0]!.experts.map(({ unit }) => unit);
    const players = Object.fromEntries(['gates', ...units].map((name) => [name, 1]));
    const off = Object.fromEntries(Object.keys(players).map((name) => [name, 0]));
    const wanted = Object.fromEntries(Object.keys(players).map((name) => [name, 0]));
    for (const other of background) {
      const [own, others] = [run(row!).seen, run(other).seen];
      const each = enumeratedOn(players, [off], (coalitions) =>
        coalitions.map(
          (has) =>
            run(
              has['gates'] ? row! : other,
              unitOf.map((unit, e) => (has[unit] ? own : others)[e]!),
            ).logit,
        ),
      );
      for (const name of Object.keys(players)) wanted[name]! += each[name]! / background.length;
    }
    const { gates, units: seen } = explained.click.outputs[0]!.experts!;
    expect(gates).toBeCloseTo(wanted['gates']!, 5);
    for (const unit of units) expect(seen[unit]).toBeCloseTo(wanted[unit]!, 5);
  });
  model.dispose();
});

test('a network needs background rows; no rows are no error; nothing leaks; a signal stops', async () => {
  const model = wide({ click: binary() });
  const { numTensors } = tf.memory();
  await expect(explainRows(model, [rowOf(1)])).rejects.toThrow('Expected background rows');
  await expect(explainRows(model, [rowOf(1)], { background: [] })).rejects.toThrow('received an empty list');
  await expect(explainRows(model, [{ x0: 'many' }], { background: BACKGROUND })).rejects.toThrow('x0');
  await expect(explainRows(model, [rowOf(1)], { backgrund: BACKGROUND } as object)).rejects.toThrow('background');
  expect((await explainRows(model, [], { background: BACKGROUND })).rows).toEqual([]);
  const some = async (background: readonly Row[], seed = 0) =>
    (await explainRows(model, [rowOf(1)], { background, backgroundRows: 7, seed })).rows[0]!['click']!.outputs[0]!.base;
  expect((await explainRows(model, [], { background: BACKGROUND, backgroundRows: 7 })).background).toBe(7);
  expect(await some(BACKGROUND)).not.toBe(await some(BACKGROUND.slice(0, 7))); // not the first ones
  expect(await some(BACKGROUND, 1)).not.toBe(await some(BACKGROUND));
  const signal = AbortSignal.abort(new Error('enough'));
  await expect(explainRows(model, [rowOf(1)], { background: BACKGROUND, signal })).rejects.toThrow('enough');
  await explainRows(model, [rowOf(1)], { background: BACKGROUND });
  expect(tf.memory().numTensors).toBe(numTensors);
  model.dispose();
});
