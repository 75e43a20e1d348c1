import {
  binary,
  embed,
  explainRows,
  labelsOf,
  load,
  multiclass,
  multiTaskModel,
  randomStream,
  regression,
  toBytes,
  type Batch,
  type MultiTaskModel,
  type OutputExplanation,
  type RowsExplanation,
  type Schema,
} from '@polytask/core';
import { platt } from '@polytask/core/calibration';
import { count, multiLabel, quantiles } from '@polytask/core/tasks';
import { mlp } from '@polytask/experts';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, test } from 'vitest';
import { ensembleOf } from '../ensemble-of.ts';
import { ple } from '../ple.ts';
import { singleTask } from '../single-task.ts';
import { growTrees } from '../testing/grow-trees.ts';
import { gradientBoosting } from './boosted-trees.ts';

beforeAll(() => tf.setBackend('cpu'));

type Row = Readonly<Record<string, unknown>>;

const FEATURES = {
  age: { kind: 'numeric', mean: 40, deviation: 12, indicator: true },
  city: { kind: 'categorical', vocabulary: ['Rome', 'Oslo', 'Lima', 'Bern', 'Kyiv', 'Cork'] },
  user: { kind: 'hashed', buckets: 50, quotients: 8 },
  genres: {
    kind: 'multi-valued',
    values: { kind: 'categorical', vocabulary: ['drama', 'crime', 'news'] },
    separator: '|',
    maxLength: 3,
    pooling: 'mean',
  },
  constant: { kind: 'numeric', mean: 0, deviation: 1 },
} as const satisfies Schema['features'];
const tasks = {
  click: binary(),
  stars: multiclass({ classes: ['low', 'middle', 'high'] }),
  minutes: { ...regression(), fitted: { mean: 30, deviation: 8 } },
  visits: { ...count(), fitted: { mean: 3, deviation: 2 } },
  tags: multiLabel({ labels: ['a', 'b'] }),
};

const CITIES = [...FEATURES.city.vocabulary, 'Elsewhere', null];
const GENRES = ['drama', 'drama|crime', 'news', 'crime|news', ''];

function rowsOf(size: number, seed = 1): Row[] {
  const draws = ['age', 'city', 'user', 'genres'].map((name) => randomStream(seed, name).uniform(size));
  return Array.from({ length: size }, (_, row) => {
    const [age, city, user, genres] = draws.map((each) => each[row]!);
    return {
      age: age! < 0.1 ? null : 18 + 60 * age!,
      city: CITIES[Math.floor(city! * CITIES.length)]!,
      user: `u${Math.floor(user! * 80)}`,
      genres: GENRES[Math.floor(genres! * GENRES.length)]!,
      constant: 1,
    };
  });
}

const truth = ({ age, city, user, genres }: Row, row: number) =>
  (age === null ? 1.5 : Math.sin((age as number) / 9)) +
  (city === 'Oslo' || city === 'Kyiv' ? 1 : 0) +
  Number((user as string).slice(1)) / 80 +
  ((genres as string).includes('crime') ? 0.8 : 0) +
  ((row * 7919) % 13) / 13;
const LABELS = [
  (z: number) => Number(z > 2),
  (z: number) => Number(z > 1.5) + Number(z > 2.5),
  (z: number) => z - 2,
  (z: number) => Math.max(0, Math.round(z)) / 2,
  (z: number) => Number(z > 1) + 2 * Number(z < 2.5),
];

const TRAIN = rowsOf(400);
const OPTIONS = { numIterations: 8, numLeaves: 6, minDataInLeaf: 5, minDataPerGroup: 1, catSmooth: 1, catL2: 0 };

async function trained(features: Schema['features'] = FEATURES): Promise<MultiTaskModel<typeof tasks>> {
  const model = multiTaskModel({ schema: { features, tasks }, ...gradientBoosting(OPTIONS), seed: 7 });
  const batch: Batch = {
    ...model.encode(TRAIN),
    tasks: Object.keys(tasks),
    labels: Float32Array.from(LABELS.flatMap((label) => TRAIN.map((row, r) => label(truth(row, r))))),
    weights: new Float32Array(LABELS.length * TRAIN.length).fill(1),
  };
  for (let row = 0; row < TRAIN.length; row += 5) labelsOf(batch, 'click').weights[row] = 0;
  await growTrees(model, batch);
  return model;
}

const sumOf = (values: Readonly<Record<string, number>>) => Object.values(values).reduce((a, b) => a + b, 0);
const outputsOf = ({ rows }: RowsExplanation) =>
  rows.flatMap((row) => Object.values(row).flatMap(({ outputs }) => outputs));

/** The explained numbers of all tasks, from logits. */
function valuesOf(model: MultiTaskModel<typeof tasks>, rows: readonly Row[]): number[][] {
  const columns = tf.tidy(() => {
    const { logits } = model.forward(model.toTensors(model.encode(rows)));
    return model.taskNames.flatMap((task) =>
      tf.unstack(logits[task], 1).map((each) => {
        const z = [...each.dataSync()];
        return task === 'minutes' ? z.map((x) => 30 + 8 * x) : task === 'visits' ? z.map((x) => x + Math.log(3)) : z;
      }),
    );
  });
  return rows.map((_, r) => columns.map((column) => column[r]!));
}

test('with background rows: an enumeration by runs, for numbers, categories, composed ids, lists and missing values', async () => {
  const model = await trained();
  const runs = ensembleOf([{ model }]); // has no rule of its own
  const [rows, background] = [rowsOf(4, 2), rowsOf(3, 3)];
  const [explained, wanted] = await Promise.all([model, runs].map((each) => explainRows(each, rows, { background })));
  expect([explained!.method, explained!.background, wanted!.method]).toEqual(['trees', 3, 'enumeration']);
  const all = outputsOf(explained!);
  expect(all).toHaveLength(4 * 8);
  outputsOf(wanted!).forEach(({ contributions, base }, i) => {
    for (const [name, each] of Object.entries(contributions)) expect(all[i]!.contributions[name]).toBeCloseTo(each, 4);
    expect(all[i]!.base).toBeCloseTo(base, 4);
    expect(all[i]!.contributions['constant']).toBe(0);
  });
  for (const name of ['age', 'city', 'user', 'genres'])
    expect(all.some((each) => each.contributions[name] !== 0)).toBe(true);
  const signal = AbortSignal.abort(new Error('enough'));
  await expect(explainRows(model, rows, { signal })).rejects.toThrow('enough');
  for (const each of [model, runs]) each.dispose();
});

test('without: sums, the mean of the training rows as the base value, and 0 for a feature without a split', async () => {
  const model = await trained();
  const explained = await explainRows(model, rowsOf(20, 4));
  expect([explained.method, explained.background]).toEqual(['trees', 0]);
  const values = valuesOf(model, rowsOf(20, 4)).flat();
  outputsOf(explained).forEach(({ base, value, contributions }, i) => {
    expect(base + sumOf(contributions)).toBeCloseTo(value, 9);
    expect(value).toBeCloseTo(values[i]!, 4);
    expect(contributions['constant']).toBe(0);
  });
  const train = valuesOf(model, TRAIN);
  const labeled = (i: number) => train.filter((_, row) => i > 0 || row % 5 > 0); // of the first task
  Object.values(explained.rows[0]!)
    .flatMap(({ outputs }) => outputs)
    .forEach(({ base }, i) => {
      const own = labeled(i);
      expect(base).toBeCloseTo(own.reduce((sum, each) => sum + each[i]!, 0) / own.length, 4);
    });
  const { minutes, visits, click, stars, tags } = explained.rows[0]!;
  expect([click, stars, minutes, visits, tags].map(({ scale }) => scale)).toEqual([
    ...['log-odds', 'logits', 'label', 'log', 'log-odds'],
  ]);
  expect(minutes.outputs[0]!.prediction).toBeCloseTo(minutes.outputs[0]!.value, 4);
  expect(Math.log(visits.outputs[0]!.prediction)).toBeCloseTo(visits.outputs[0]!.value, 4);
  model.dispose();
});

test('permuted columns give permuted contributions, and so does a saved model', async () => {
  const [model, other] = [await trained(), await trained(Object.fromEntries(Object.entries(FEATURES).reverse()))];
  const again = await load(await toBytes(model));
  const rows = rowsOf(5, 6);
  for (const background of [undefined, rowsOf(4, 5)]) {
    const own = outputsOf(await explainRows(model, rows, { background }));
    expect(outputsOf(await explainRows(again as unknown as typeof model, rows, { background }))).toEqual(own);
    const permuted: OutputExplanation[] = outputsOf(await explainRows(other, rows, { background }));
    own.forEach(({ contributions }, i) => {
      for (const [name, each] of Object.entries(contributions))
        expect(permuted[i]!.contributions[name]).toBeCloseTo(each, 6);
    });
  }
  for (const each of [model, other, again]) each.dispose();
});

test('a calibration changes the prediction only', async () => {
  const model = await trained();
  const explain = async () => (await explainRows(model, rowsOf(1, 8))).rows[0]!.click.outputs[0]!;
  const before = await explain();
  model.setCalibrated({ click: { calibration: platt({ slope: 2, offset: -1 }) } });
  const after = await explain();
  expect({ ...after, prediction: 0 }).toEqual({ ...before, prediction: 0 });
  expect(Math.log(after.prediction / (1 - after.prediction))).toBeCloseTo(2 * before.value - 1, 4);
  model.dispose();
});

test('a kind without a link is explained by runs: a rule of the network knows only its logits', async () => {
  const schema = { features: FEATURES, tasks: { days: quantiles({ levels: [0.1, 0.9] }) } };
  const model = multiTaskModel({ schema, ...gradientBoosting(OPTIONS), seed: 1 });
  await expect(explainRows(model, rowsOf(1))).rejects.toThrow('Expected background rows');
  expect((await explainRows(model, rowsOf(1), { background: rowsOf(2, 2) })).method).toBe('enumeration');
  model.dispose();
});

test('an average of trees and a network has the weighted mean of their contributions', async () => {
  const trees = await trained();
  const network = multiTaskModel({
    schema: { features: FEATURES, tasks },
    network: ple({ levels: [{ experts: mlp([4]), perTask: 1, shared: 1 }] }),
    input: embed({ dimension: 3 }),
    seed: 1,
  });
  const average = ensembleOf([{ model: trees, weight: 3 }, { model: network }]);
  const rows = rowsOf(2, 9);
  const background = rowsOf(3, 10);
  const [a, b, mean] = await Promise.all(
    [trees, network, average].map((model) => explainRows(model, rows, { background })),
  );
  expect([a!.method, b!.method, mean!.method]).toEqual(['trees', 'enumeration', 'enumeration']);
  outputsOf(mean!).forEach(({ base, value, contributions, experts }, i) => {
    const [x, y] = [outputsOf(a!)[i]!, outputsOf(b!)[i]!];
    expect(base + sumOf(contributions)).toBeCloseTo(value, 9);
    for (const [name, each] of Object.entries(contributions))
      expect(each).toBeCloseTo(0.75 * x.contributions[name]! + 0.25 * y.contributions[name]!, 4);
    expect(experts).toBeUndefined(); // levels of several networks
  });
  for (const each of [trees, network, average]) each.dispose();
});

test('a task takes nothing from experts that its gates do not see', async () => {
  const schema = { features: FEATURES, tasks: { click: binary(), like: binary() } };
  const levels = [{ experts: mlp([4]), perTask: 2, shared: 1 }];
  const model = multiTaskModel({ schema, network: ple({ levels }), tower: mlp([3]), seed: 2 });
  const { rows } = await explainRows(model, rowsOf(2, 1), { background: rowsOf(5, 2) });
  for (const { click, like } of rows) {
    const [ofClick, ofLike] = [click, like].map(({ outputs }) => outputs[0]!.experts!.units);
    expect([ofClick!['like'], ofLike!['click']]).toEqual([0, 0]);
    expect([ofClick!['click'], ofClick!['shared'], ofLike!['shared']]).not.toContain(0);
  }
  const apart = multiTaskModel({ schema, network: singleTask({ levels: [{ experts: mlp([4]) }] }), seed: 2 });
  const alone = await explainRows(apart, rowsOf(1, 1), { background: rowsOf(2, 2) });
  expect(alone.rows[0]!.click.outputs[0]!.experts).toBeUndefined(); // nothing is shared
  apart.dispose();
  model.dispose();
});
