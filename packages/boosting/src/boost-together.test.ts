import { mapValues } from '@polytask/components';
import { describe, expect, test } from 'vitest';
import { boost, BoostingModel, boostTogether, boostTogetherInRounds, type Columns } from './index.ts';
import { draws, madeTable } from './testing/tables.ts';

const [table, other] = [madeTable(1, 600), madeTable(2, 300)];
const tasksOf = (numbers: Float64Array) =>
  ({
    sales: { objective: 'regression', labels: numbers },
    late: { objective: 'binary', labels: numbers.map((y) => Number(y > 14)) },
    visits: { objective: 'poisson', labels: numbers.map((y) => Math.max(0, Math.floor(y / 4))) },
    size: { objective: 'multiclass', labels: numbers.map((y) => Number(y > 11) + Number(y > 17)) },
  }) as const;
const TASKS = tasksOf(table.number);
const shapeOf = (model: BoostingModel) =>
  model.toJSON().trees.map(({ column, left, children }) => ({ column, left, children }));
const coded: Columns = {
  ...table.columns,
  code: { codes: Int32Array.from(table.number, (y, row) => (row % 7 === 0 ? -1 : Math.floor((y * 3 + row) % 40))) },
};
const BY_HAND = { minDataInLeaf: 1, learningRate: 1, numIterations: 1, numLeaves: 2, pathSmooth: 0 } as const;

describe('one task', () => {
  test.each(['sales', 'late', 'visits'] as const)('has the trees of boost, bit for bit: %s', (name) => {
    const options = { columns: coded, numIterations: 12, minDataPerGroup: 5, catSmooth: 1 };
    const validation = {
      columns: { ...other.columns, code: { codes: new Int32Array(300) } },
      labels: tasksOf(other.number)[name].labels,
    };
    const { only } = boostTogether({
      ...options,
      tasks: { only: TASKS[name] },
      validation: { columns: validation.columns, tasks: { only: validation } },
    });
    expect(only.toJSON()).toEqual(boost({ ...options, ...TASKS[name], validation }).toJSON());
  });

  test('with classes has one tree in a round for all of them', () => {
    const { size } = boostTogether({ columns: coded, tasks: { size: TASKS.size }, numIterations: 4 });
    const shapes = shapeOf(size);
    expect(shapes).toHaveLength(12);
    for (let t = 0; t < 12; t++) expect(shapes[t]).toEqual(shapes[t - (t % 3)]);
  });
});

describe('a split by hand', () => {
  // The mean of a is 3: its gradients are 3, 2, −2, −3, and Σ g² / Σ h = 26 / 4. Those of b are 1, −1, 1, −1: φ = 1
  const columns = { x: [1, 2, 3, 4], y: [1, 9, 1, 9] };
  const [a, b] = [
    { objective: 'regression', labels: [0, 1, 5, 6] },
    { objective: 'regression', labels: [0, 2, 0, 2] },
  ] as const;

  test('gains the sum over the tasks, each by its φ', () => {
    const models = boostTogether({ ...BY_HAND, columns, tasks: { a, b } });
    // x < 2.5 gains 25 / (26 / 4) + 0 = 3.85, and y < 5 gains .5² + .5² = .5 of (26 / 4), and 4 of b
    expect(models.b.predict(columns)).toEqual(Float64Array.of(0, 2, 0, 2));
    expect(models.a.predict(columns)).toEqual(Float64Array.of(2.5, 3.5, 2.5, 3.5));
    expect(models.a.featureImportance()).toEqual({ x: 0, y: 1 });
    expect(models.b.featureImportance()).toEqual({ x: 0, y: 4 });
  });

  test('is the same in other units of the labels', () => {
    const large = { ...a, labels: a.labels.map((label) => 1000 * label) };
    const models = boostTogether({ ...BY_HAND, columns, tasks: { large, b } });
    expect(models.large.predict(columns)).toEqual(Float64Array.of(2500, 3500, 2500, 3500));
  });

  test('counts a task by its gainWeight, which changes no leaf', () => {
    const weighted = boostTogether({ ...BY_HAND, columns, tasks: { a: { ...a, gainWeight: 2 }, b } });
    expect(weighted.a.predict(columns)).toEqual(Float64Array.of(0.5, 0.5, 5.5, 5.5));
    expect(weighted.b.predict(columns)).toEqual(Float64Array.of(1, 1, 1, 1));
  });

  test('counts two classes as the same yes/no labels', () => {
    const labels = [0, 0, 1, 1];
    const asWell = (gainWeight: number) => [
      boostTogether({ ...BY_HAND, columns, tasks: { c: { objective: 'binary', labels, gainWeight }, b } }),
      boostTogether({ ...BY_HAND, columns, tasks: { c: { objective: 'multiclass', labels, gainWeight }, b } }),
    ];
    // the labels gain 4 with x, and b gains 4 with y
    for (const models of asWell(0.99)) expect(models.b.predict(columns)).toEqual(Float64Array.of(0, 2, 0, 2));
    for (const models of asWell(1.01)) expect(models.b.predict(columns)).toEqual(Float64Array.of(1, 1, 1, 1));
  });
});

describe('missing labels', () => {
  const columns = { x: [1, 2, 3, 4, 5, 6] };

  test('have no effect on the start, the leaves and the loss', () => {
    const few = { objective: 'regression', labels: [0, 6, NaN, NaN, NaN, NaN] } as const;
    const many = { objective: 'regression', labels: [0, 0, 0, 9, 9, 9] } as const;
    const { f, m } = boostTogether({ ...BY_HAND, columns, tasks: { f: few, m: many } });
    // f has no label on the right: its leaf has the value of the root, 0
    expect(f.predict(columns)).toEqual(Float64Array.of(3, 3, 3, 3, 3, 3));
    expect(m.predict(columns)).toEqual(Float64Array.of(0, 0, 0, 9, 9, 9));
    expect(f.featureImportance()).toEqual({ x: 0 });
    const held = { f: { labels: [NaN, NaN, NaN, NaN, 4, NaN] }, m: { labels: [...columns.x].map(() => NaN) } };
    const checked = boostTogether({
      ...BY_HAND,
      columns,
      tasks: { f: few, m: many },
      validation: { columns, tasks: held },
    });
    expect(checked.f.validationLoss).toEqual([1]);
    expect(checked.m.validationLoss).toBeUndefined();
  });

  test('leave a leaf with n labels n / (n + pathSmooth) of its step', () => {
    const few = { objective: 'regression', labels: [-4, NaN, NaN, 4, 4, NaN] } as const;
    const many = { objective: 'regression', labels: [0, 0, 0, 9, 9, 9], gainWeight: 100 } as const;
    const mean = 4 / 3;
    const value = (labels: readonly number[], pathSmooth: number) => {
      const step = labels.reduce((sum, label) => sum + label - mean, 0) / labels.length;
      return mean + (step * labels.length) / (labels.length + pathSmooth);
    };
    for (const pathSmooth of [3, undefined]) {
      const { f } = boostTogether({ ...BY_HAND, pathSmooth, columns, tasks: { f: few, m: many } });
      const predicted = f.predict({ x: [1, 6] });
      expect(predicted[0]).toBeCloseTo(value([-4], pathSmooth ?? 10), 6);
      expect(predicted[1]).toBeCloseTo(value([4, 4], pathSmooth ?? 10), 6);
    }
    const smooth = boost({ ...BY_HAND, objective: 'regression', columns, labels: many.labels, pathSmooth: 3 });
    expect(smooth.predict({ x: [1] })[0]).toBeCloseTo(4.5 - (4.5 * 3) / (3 + 3), 6);
  });

  test('of a task that is related to one with all labels cost less than without that one', () => {
    const known = 60;
    const labels = TASKS.sales.labels.map((y, row) => (row < known ? 2 * y : NaN));
    const noise = draws(5, 600, 1);
    const tasks = {
      few: { objective: 'regression', labels },
      many: { objective: 'regression', labels: TASKS.sales.labels.map((y, row) => y + noise[row]!) },
    } as const;
    const rows = (end: number) => mapValues(table.columns, (column) => column.subarray(0, end));
    const errorOf = (model: BoostingModel) =>
      model.predict(other.columns).reduce((sum, y, row) => sum + (y - 2 * other.number[row]!) ** 2, 0) / 300;
    const { few } = boostTogether({ columns: table.columns, tasks, minDataInLeaf: 5 });
    const alone = boost({
      objective: 'regression',
      columns: rows(known),
      labels: labels.slice(0, known),
      minDataInLeaf: 5,
    });
    expect(errorOf(few)).toBeLessThan(0.9 * errorOf(alone));
  });
});

test('a straight loss has the quantiles of its labels in the leaves, and gamma may miss labels', () => {
  const columns = { x: [1, 2, 3, 4, 5, 6] };
  const tasks = {
    mid: { objective: 'mae', labels: [1, 2, 9, 20, NaN, 30] },
    cost: { objective: 'gamma', labels: [2, NaN, 2, 8, 8, NaN] },
    all: { objective: 'regression', labels: [0, 0, 0, 9, 9, 9], gainWeight: 100 },
  } as const;
  const { mid, cost } = boostTogether({ ...BY_HAND, columns, tasks });
  expect(mid.predict(columns)).toEqual(Float64Array.of(2, 2, 2, 25, 25, 25));
  // steps of Newton from log 5, the mean: (y − mean) / y
  expect(cost.predict({ x: [1, 6] })[0]).toBeCloseTo(5 * Math.exp((2 - 5) / 2), 5);
  expect(cost.predict({ x: [1, 6] })[1]).toBeCloseTo(5 * Math.exp((8 - 5) / 8), 5);
});

test('samples of rows and columns go on as one training', () => {
  const options = { columns: coded, baggingFraction: 0.5, featureFraction: 0.7, seed: 3 };
  const all = boostTogether({ ...options, tasks: TASKS, numIterations: 6 });
  const first = boostTogether({ ...options, tasks: TASKS, numIterations: 4 });
  const tasks = mapValues(TASKS, (task, name) => ({ ...task, initModel: first[name] }));
  const further = boostTogether({ ...options, tasks, numIterations: 2 });
  for (const name of Object.keys(all) as (keyof typeof all)[])
    expect(further[name].toJSON()).toEqual(all[name].toJSON());
});

test('each task stops at its own round, and from there on the others choose the splits', () => {
  const random = draws(9, 600, 1).map((u) => Number(u > 0.5));
  const tasks = { random: { objective: 'binary', labels: random }, sales: TASKS.sales } as const;
  const held = { random: { labels: draws(10, 300, 1).map((u) => Number(u > 0.5)) }, sales: { labels: other.number } };
  const options = { columns: table.columns, earlyStoppingRounds: 3, learningRate: 0.5, numIterations: 40 };
  const models = boostTogether({ ...options, tasks, validation: { columns: other.columns, tasks: held } });
  for (const model of Object.values(models)) {
    const losses = model.validationLoss!;
    const best = losses.indexOf(Math.min(...losses)) + 1;
    expect(losses.length).toBeLessThan(40);
    expect(losses.length - Math.max(model.numTrees, 0)).toBe(3);
    if (model.numTrees > 0) expect(model.numTrees).toBe(best);
  }
  expect(models.random.validationLoss!.length).toBeLessThan(models.sales.validationLoss!.length);
});

test('the models have the same splits, are saved as others, and go on with more trees as one training', () => {
  const all = boostTogether({ columns: coded, tasks: TASKS, numIterations: 6 });
  const [sales, late] = [shapeOf(all.sales), shapeOf(all.late)];
  expect(late).toEqual(sales);
  expect(shapeOf(all.size).filter((_, t) => t % 3 === 0)).toEqual(sales);
  const first = boostTogether({ columns: coded, tasks: TASKS, numIterations: 4 });
  const tasks = mapValues(TASKS, (task, name) => ({
    ...task,
    initModel: BoostingModel.fromJSON(JSON.parse(JSON.stringify(first[name]))),
  }));
  const further = boostTogether({ columns: coded, tasks, numIterations: 2 });
  for (const name of Object.keys(all) as (keyof typeof all)[])
    expect(further[name].toJSON()).toEqual(all[name].toJSON());
});

test('in rounds the training can be watched', () => {
  const rounds = boostTogetherInRounds({ columns: table.columns, tasks: { late: TASKS.late }, numIterations: 2 });
  expect([rounds.next(), rounds.next()].map(({ value }) => value)).toEqual([1, 2]);
  const { done, value } = rounds.next();
  expect([done, Object.keys(value)]).toEqual([true, ['late']]);
});

test.each<[string, object, string]>([
  ['no task', { tasks: {} }, 'Expected at least one task, received {}.'],
  [
    'a task without a label',
    { tasks: { a: { objective: 'binary', labels: [NaN, NaN] } } },
    'Expected a label of task "a"',
  ],
  [
    'a label that does not fit',
    { tasks: { a: { objective: 'binary', labels: [NaN, 2] } } },
    'Expected 0 or 1 for each label of task "a", received 2 in row 1.',
  ],
  [
    'weights of other rows',
    { tasks: { a: { objective: 'binary', labels: [NaN, 1], weights: [1] } } },
    'Expected 2 weights',
  ],
  ['an unknown option', { numLeafs: 3 }, 'Did you mean "numLeaves"?'],
  [
    'an unknown option of a task',
    { tasks: { a: { objective: 'binary', labels: [0, 1], wieghts: [1, 1] } } },
    'boostTogether.tasks.a',
  ],
  [
    'classes of another objective',
    { tasks: { a: { objective: 'binary', labels: [0, 1], numClass: 2 } } },
    'numClass with the objective',
  ],
])('%s is an error', (_, options, message) => {
  const tasks = { a: { objective: 'binary', labels: [0, 1] } };
  expect(() => boostTogether({ columns: { x: [1, 2] }, tasks, ...options } as never)).toThrow(message);
});
