import { boost, type BoostingOptions, type Columns, type TrainingOptions } from '@polytask/boosting';
import {
  binary,
  labelsOf,
  lossesOf,
  load,
  multiclass,
  multiTaskModel,
  randomStream,
  regression,
  toBytes,
  type Batch,
  type MultiTaskModel,
  type Schema,
  type Task,
  type Tasks,
} from '@polytask/core';
import { count, multiLabel } from '@polytask/core/tasks';
import { mlp } from '@polytask/experts';
import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import { describe, expect, test } from 'vitest';
import { some } from '../../../../cases.base.ts';
import { ensembleOf } from '../ensemble-of.ts';
import { logisticRegression } from '../logistic-regression.ts';
import { growTrees, leavesNoTensors } from '../testing/grow-trees.ts';
import { boostedTrees, gradientBoosting } from './boosted-trees.ts';

type Row = Readonly<Record<string, unknown>>;
type Features = Schema['features'];

leavesNoTensors();

const FEATURES = {
  age: { kind: 'numeric', mean: 40, deviation: 12, indicator: true },
  hours: { kind: 'numeric', mean: 3, deviation: 2, log: true },
  city: { kind: 'categorical', vocabulary: ['Rome', 'Oslo', 'Lima', 'Bern', 'Kyiv', 'Cork'] },
} as const satisfies Features;
const CITIES = [...FEATURES.city.vocabulary, 'Elsewhere', null];
/** Small tables: categories of few rows are split, too. */
const FREE = { minDataInLeaf: 5, minDataPerGroup: 1, catSmooth: 1, catL2: 0 } as const;
const OPTIONS: BoostingOptions = { numIterations: 12, numLeaves: 6, ...FREE };

/** Some ages and cities are missing, and one city isn't in the vocabulary. */
function rowsOf(size: number, seed = 1): Row[] {
  const [a, b, c] = ['age', 'hours', 'city'].map((name) => randomStream(seed, name).uniform(size));
  return Array.from({ length: size }, (_, row) => ({
    age: a![row]! < 0.1 ? null : 18 + 60 * a![row]!,
    hours: 40 * b![row]! ** 2,
    city: CITIES[Math.floor(c![row]! * CITIES.length)]!,
  }));
}

/** A number that follows from a row. */
const truth = ({ age, hours, city }: Row, row: number) =>
  (age === null ? 1.5 : Math.sin((age as number) / 9)) +
  Math.log1p(hours as number) / 2 +
  (city === 'Oslo' || city === 'Kyiv' ? 1 : 0) +
  ((row * 7919) % 13) / 13;

const LABELS: Readonly<Record<string, (z: number) => number>> = {
  binary: (z) => Number(z > 2),
  multiclass: (z) => Number(z > 1.5) + Number(z > 2.5),
  regression: (z) => z - 2,
  count: (z) => Math.max(0, Math.round(z * 2)) / 4,
  'multi-label': (z) => Number(z > 1) + 2 * Number(z < 2.5) + 4 * Number(z > 3),
};

/** The rows encoded, with labels. Every fifth label of the first task is missing. */
function labeled<T extends Tasks>(model: MultiTaskModel<T>, rows: readonly Row[]): Batch {
  const tasks = Object.entries(model.schema.tasks);
  const batch = {
    ...model.encode(rows),
    tasks: tasks.map(([name]) => name),
    labels: Float32Array.from(tasks.flatMap(([, { kind }]) => rows.map((row, r) => LABELS[kind]!(truth(row, r))))),
    weights: new Float32Array(tasks.length * rows.length).fill(1),
  };
  const first = labelsOf(batch, tasks[0]![0]);
  for (let row = 0; row < rows.length; row += 5) [first.labels[row], first.weights[row]] = [NaN, 0];
  return batch;
}

async function trained<T extends Tasks>(
  tasks: T,
  rows: readonly Row[],
  features: Features = FEATURES,
  options = OPTIONS,
) {
  const model = multiTaskModel({ schema: { features, tasks }, ...gradientBoosting(options), seed: 7 });
  await growTrees(model, labeled(model, rows));
  return model;
}

/** The same columns for `boost`, from encoded rows. */
function columnsOf({ layout }: Pick<MultiTaskModel, 'layout'>, batch: Batch): Columns {
  const numbers = Array.from({ length: layout.numeric }, (_, c) => [
    `n${c}`,
    Float32Array.from({ length: batch.size }, (_, row) => batch.numeric[row * layout.numeric + c]!),
  ]);
  const ids = Array.from({ length: layout.fields }, (_, c) => {
    const { offset } = layout.places.find(({ part, column }) => part === 'ids' && column === c)!;
    const codes = Array.from({ length: batch.size }, (_, row) => batch.ids[row * layout.fields + c]! - offset);
    return [`i${c}`, { codes: codes.map((code) => (code === 1 ? -1 : code)) }]; // 1 is the code of missing values
  });
  return Object.fromEntries([...numbers, ...ids]) as Columns;
}

/** The city of a row, as a vocabulary without the others has it. */
const cityOf = ({ city }: Row) => city as string | null;

const expectNear = (seen: ArrayLike<number>, wanted: ArrayLike<number>, digits = 1e-6) => {
  expect(seen.length).toBe(wanted.length);
  const largest = Math.max(...Array.from(wanted, Math.abs));
  Array.from(wanted).forEach((value, i) => expect(Math.abs(seen[i]! - value) / largest).toBeLessThan(digits));
};

const TASKS = {
  click: binary(),
  stars: multiclass({ classes: ['low', 'middle', 'high'] }),
  minutes: { ...regression(), fitted: { mean: 2, deviation: 0.5 } },
};

test('it predicts as boost does, for tasks of several kinds, on rows with missing and unseen values', async () => {
  const model = await trained(TASKS, rowsOf(400));
  const batch = labeled(model, rowsOf(400));
  const rows = rowsOf(300, 2);
  const [columns, others] = [columnsOf(model, batch), columnsOf(model, model.encode(rows))];
  const predictions = model.predict(rows);
  let learned = 0;
  const expected = (task: keyof typeof TASKS, objective: TrainingOptions['objective']) => {
    const { labels, weights } = labelsOf(batch, task);
    const known = [...labels.keys()].filter((row) => weights[row] === 1);
    const own = Object.fromEntries(
      Object.entries(columns).map(([name, column]) => [
        name,
        'codes' in column
          ? { codes: known.map((row) => column.codes[row]!) }
          : known.map((row) => column[row] as number),
      ]),
    );
    const alone = boost({ objective, columns: own, labels: known.map((row) => labels[row]!), ...OPTIONS });
    for (const { column, value } of alone.toJSON().trees) learned += column.length + value.length;
    return alone.predict(others);
  };
  expectNear(predictions.stars, expected('stars', 'multiclass'));
  expectNear(
    predictions.minutes,
    expected('minutes', 'regression').map((z) => 2 + 0.5 * z),
  );
  // The first task lacks labels. Its bins are those of all rows: here they are the same, as each value has its bin
  expect(predictions.click).toHaveLength(300);
  expected('click', 'binary');
  expect(await model.network.learnedCount!()).toBe(learned);
  model.dispose();
});

test('rows without a label are left out of their task alone', async () => {
  const rows = rowsOf(200);
  const features = { city: FEATURES.city } as const; // whose bins don't depend on the rows
  const model = await trained({ a: binary(), b: binary() }, rows, features);
  const { labels } = labelsOf(labeled(model, rows), 'b');
  const predictions = model.predict(rows);
  for (const [task, every] of [
    ['a', 5],
    ['b', Infinity],
  ] as const) {
    const known = [...labels.keys()].filter((row) => row % every !== 0 || every === Infinity);
    const reference = boost({
      ...OPTIONS,
      objective: 'binary',
      columns: { city: known.map((row) => cityOf(rows[row]!)) },
      labels: known.map((row) => labels[row]!),
    });
    expectNear(predictions[task], reference.predict({ city: rows.map(cityOf) }));
  }
  model.dispose();
});

test.each<[string, Tasks, TrainingOptions['objective'], (z: number) => number]>([
  ['counts', { visits: { ...count(), fitted: { mean: 1, deviation: 1 } } as Task }, 'poisson', LABELS['count']!],
  ['yes or no with a weight', { click: binary({ positiveWeight: 3 }) }, 'binary', LABELS['binary']!],
])('%s', async (_, tasks, objective, labelOf) => {
  const rows = rowsOf(300);
  const model = await trained(tasks, rows, { city: FEATURES.city });
  const known = rows.flatMap((row, r) => (r % 5 === 0 ? [] : [{ ...row, label: labelOf(truth(row, r)) }]));
  const reference = boost({
    ...{ ...OPTIONS, objective, columns: { city: known.map(cityOf) } },
    labels: known.map(({ label }) => label),
    weights: known.map(({ label }) => (objective === 'binary' && label > 0 ? 3 : 1)),
  });
  const wanted = reference.predict({ city: rows.map(cityOf) });
  expectNear(Object.values(model.predict(rows))[0] as Float32Array, wanted);
  model.dispose();
});

test('several labels in a cell: trees for each label', async () => {
  const rows = rowsOf(300);
  const genres = multiLabel({ labels: ['a', 'b', 'c'] });
  const model = await trained({ genres }, rows);
  const alone = await trained({ first: binary() }, rows);
  const batch = labeled(model, rows);
  labelsOf(batch, 'genres').labels.forEach((label, row, all) => (all[row] = label % 2));
  await growTrees(alone, { ...batch, tasks: ['first'] });
  const { genres: predicted } = model.predict(rows);
  expectNear(
    predicted.filter((_, i) => i % 3 === 0),
    alone.predict(rows).first,
  );
  model.dispose();
  alone.dispose();
});

test.each<[string, Features]>([
  ['only categories', { city: FEATURES.city }],
  ['only numbers', { age: FEATURES.age, hours: FEATURES.hours }],
  ['one distinct value', { age: { kind: 'numeric', mean: 0, deviation: 0 } }],
])('%s', async (name, features) => {
  const model = await trained(TASKS, rowsOf(200), features);
  const { click, stars, minutes } = model.predict(rowsOf(50, 3));
  expect([...click, ...stars, ...minutes].every(Number.isFinite)).toBe(true);
  expect(new Set(click).size > 1).toBe(name !== 'one distinct value');
  model.dispose();
});

test('without training it predicts the base rates', () => {
  const tasks = { click: { ...binary(), fitted: { rate: 0.3 } }, stars: TASKS.stars };
  const model = multiTaskModel({ schema: { features: FEATURES, tasks }, ...gradientBoosting(), seed: 7 });
  const { click, stars } = model.predict(rowsOf(3));
  expectNear(click, [0.3, 0.3, 0.3]);
  expect([...stars].every(Number.isFinite)).toBe(true);
  model.dispose();
});

test('the losses are those of the model on the training rows', async () => {
  const model = multiTaskModel({ schema: { features: FEATURES, tasks: TASKS }, ...gradientBoosting(OPTIONS), seed: 7 });
  const batch = labeled(model, rowsOf(200));
  const { losses } = await growTrees(model, batch);
  const wanted = tf.tidy(() => lossesOf(model, model.toTensors(batch)).tasks.dataSync());
  expectNear(Object.values(losses), wanted, 1e-5);
  model.dispose();
});

test('it stops by the validation rows, and a task without a label keeps its base rate', async () => {
  const options = { ...OPTIONS, numIterations: 80, learningRate: 0.5, earlyStoppingRounds: 3 };
  const declared = {
    schema: { features: FEATURES, tasks: { a: binary(), b: binary() } },
    ...gradientBoosting(options),
    seed: 7,
  };
  const [stopped, whole] = [multiTaskModel(declared), multiTaskModel(declared)];
  const [batch, validation] = [labeled(stopped, rowsOf(150)), labeled(stopped, rowsOf(150, 9))];
  for (const each of [batch, validation]) labelsOf(each, 'b').weights.fill(0);
  const { losses, findings } = await growTrees(stopped, batch, validation);
  expect(losses['b']).toBeNaN();
  expect(findings).toEqual([]);
  expect((await growTrees(whole, batch, batch)).findings![0]).toMatchObject({
    ...{ kind: 'still-improving', about: { task: 'a' } },
    message: 'Task a was still improving at round 80 of 80: raise numIterations.',
  });
  const used = (model: Pick<MultiTaskModel, 'store'>) => {
    const values = model.store.get('trees.values').variable.dataSync();
    return values.filter((value) => value !== 0).length;
  };
  expect(used(stopped)).toBeLessThan(used(whole));
  expect([...stopped.predict(rowsOf(4)).b]).toEqual([0.5, 0.5, 0.5, 0.5]);
  stopped.dispose();
  whole.dispose();
});

describe('lists and composed ids', () => {
  const features = {
    tags: {
      ...{ kind: 'multi-valued', separator: '|', maxLength: 4, pooling: 'mean' },
      values: { kind: 'categorical', vocabulary: Array.from({ length: 40 }, (_, i) => `t${i}`) },
    },
    item: { kind: 'hashed', buckets: 1000, quotients: 7, vectors: 2 },
    history: {
      kind: 'id-sequence',
      values: { kind: 'shared', with: 'shop' },
      separator: '|',
      maxLength: 3,
      pooling: 'last',
    },
    spent: { kind: 'side-column', of: 'history', values: { kind: 'numeric', mean: 0, deviation: 1 }, separator: '|' },
    shop: { kind: 'categorical', vocabulary: ['x', 'y', 'z'] },
  } as const satisfies Features;
  const rows = Array.from({ length: 300 }, (_, row): Row => ({
    tags: Array.from({ length: row % 4 }, (_, i) => `t${(row * (i + 3)) % 37}`).join('|'),
    item: `item ${row % 23}`,
    history: ['x', 'y', 'z'].slice(row % 2, 1 + (row % 3)).join('|') || null,
    spent: [row % 5, 2, row % 7].slice(row % 2, 1 + (row % 3)).join('|') || null,
    shop: 'xyz'[row % 3]!,
  }));
  const labelOf = {
    'the length of a list': ({ tags }: Row) => Number((tags as string).split('|').length > 1 && tags !== ''),
    'a value of a list': ({ tags }: Row) => Number((tags as string).split('|').includes('t3')),
    'the last entry of a sequence': ({ history }: Row) => Number(String(history).endsWith('y')),
    'a composed id': ({ item }: Row) => Number(['item 3', 'item 4', 'item 11', 'item 20'].includes(item as string)),
    'a shared id': ({ shop }: Row) => Number(shop === 'z'),
  };

  test.each(some(Object.entries(labelOf), 2))('trees read %s', async (_, labels) => {
    const schema = { features, tasks: { click: binary() } };
    const options = { numIterations: 40, learningRate: 0.3, numLeaves: 8, ...FREE, minDataInLeaf: 1 };
    const model = multiTaskModel({ schema, ...gradientBoosting(options), seed: 7 });
    const batch = { ...model.encode(rows), tasks: ['click'] };
    const known = { labels: Float32Array.from(rows, labels), weights: new Float32Array(rows.length).fill(1) };
    await growTrees(model, { ...batch, ...known });
    const { click } = model.predict(rows);
    rows.forEach((row, r) => expect(Math.round(click[r]!), JSON.stringify(row)).toBe(labels(row)));
    model.dispose();
  });
});

test('saved and loaded, on wasm, and averaged with a network', async () => {
  const model = await trained(TASKS, rowsOf(300));
  const rows = rowsOf(40, 4);
  const wanted = model.predict(rows);
  const loaded = await load<typeof TASKS>(await toBytes(model));
  expect(loaded.predict(rows)).toEqual(wanted);
  expect(loaded.parameterCount).toBe(model.parameterCount);

  const schema = model.schema;
  const linear = multiTaskModel<typeof TASKS>({ schema, ...logisticRegression(), seed: 3 });
  const mean = ensembleOf<typeof TASKS>([{ model, weight: 3 }, { model: linear }]);
  const logits = (each: MultiTaskModel<typeof TASKS>) =>
    tf.tidy(() => [...each.forward(each.toTensors(each.encode(rows))).logits.stars.dataSync()]);
  const [trees, line] = [logits(model), logits(linear)];
  expectNear(
    logits(mean),
    trees.map((z, i) => 0.75 * z + 0.25 * line[i]!),
    1e-5,
  );
  for (const each of [linear, mean, loaded]) each.dispose();

  const bytes = await toBytes(model);
  model.dispose();
  await tf.setBackend('wasm');
  const there = await load<typeof TASKS>(bytes);
  const { click, stars, minutes } = there.predict(rows);
  there.dispose();
  await tf.setBackend('cpu');
  expectNear(click, wanted.click);
  expectNear(stars, wanted.stars);
  expectNear(minutes, wanted.minutes);
});

describe('errors', () => {
  const refused = async (tasks: Tasks, parts = {}) => {
    const model = multiTaskModel({
      schema: { features: FEATURES, tasks },
      ...gradientBoosting(OPTIONS),
      ...parts,
      seed: 7,
    });
    const batch = {
      ...model.encode(rowsOf(20)),
      tasks: Object.keys(tasks),
      labels: new Float32Array(20),
      weights: new Float32Array(20),
    };
    await growTrees(model, batch).finally(() => model.dispose());
  };

  test('a task that trees cannot learn', async () => {
    await expect(refused({ click: binary({ loss: 'bpr' }) })).rejects.toThrow(
      'Expected a loss of single rows for trees, received bpr for task "click"',
    );
  });

  test('another input, a tower, or members', async () => {
    await expect(refused({ a: binary() }, { members: 3 })).rejects.toThrow('received members: 3');
    await expect(refused({ a: binary() }, { input: undefined })).rejects.toThrow('received input: embed');
    await expect(refused({ a: binary() }, { tower: mlp([4]) })).rejects.toThrow('received tower');
  });

  test('options that do not fit', () => {
    expect(() => boostedTrees({ numLeafs: 3 } as never)).toThrow('Did you mean "numLeaves"?');
    expect(() => gradientBoosting({ maxBin: 256 })).toThrow('a whole number in [2, 255] for binned.maxBin');
  });
});
