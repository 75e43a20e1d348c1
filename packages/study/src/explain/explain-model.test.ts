import { labelsOf, binary, emptyBatch, layoutOf, multiTaskModel, type Schema } from '@polytask/core';
import { crossStitch, ensembleOf, logisticRegression, mmoe } from '@polytask/baselines';
import { encodedTable } from '@polytask/data';
import { mlp } from '@polytask/experts';
import { auc, counterRandom } from '@polytask/metrics';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, test } from 'vitest';
import { explanationDocument } from '../report/explanation-document.ts';
import { renderHtml } from '../report/html.ts';
import { renderText } from '../report/terminal.ts';
import { explainModel } from './explain-model.ts';
import { permutedExamples } from './permutation-importance.ts';

beforeAll(async () => void (await tf.setBackend('cpu')));

const schema = {
  features: {
    age: { kind: 'numeric', mean: 0, deviation: 1, indicator: true },
    state: { kind: 'categorical', vocabulary: ['Utah', 'Ohio'] },
    tags: {
      ...{ kind: 'multi-valued', separator: '|', maxLength: 2, pooling: 'mean' },
      values: { kind: 'categorical', vocabulary: ['x', 'y'] },
    },
    noise: { kind: 'vector', width: 2 },
  },
  tasks: { click: binary(), like: binary() },
} as const satisfies Schema;

const SIZE = 60;
function rowsOf(labeled: readonly string[] = ['click', 'like']) {
  const layout = layoutOf(schema);
  const batch = emptyBatch(SIZE, layout, ['click', 'like']);
  const random = counterRandom(3);
  for (let i = 0; i < SIZE; i++) {
    batch.numeric.set([i / SIZE, 0, random(), random()], 4 * i);
    batch.ids[i] = 2 + (i % 2);
    batch.bagIds.set([4 + 2 + (i % 2), 4 + 3], 2 * i);
    batch.bagWeights.set([0.5, 0.5], 2 * i);
    labelsOf(batch, 'click').labels[i] = Number(i >= SIZE / 2);
    labelsOf(batch, 'like').labels[i] = i % 2;
  }
  for (const task of labeled) labelsOf(batch, task).weights.fill(1);
  return encodedTable(schema, batch);
}

/** A logistic regression: click rises with age, and like reads nothing. */
function ageModel() {
  const model = multiTaskModel({ schema, ...logisticRegression(), seed: 1 });
  for (const { name, variable } of model.store.all()) {
    const values = new Float32Array(variable.size); // kernel: [tasks, inputs, 1]
    if (name === 'heads.kernel') values[0] = 5;
    variable.assign(tf.tensor(values, variable.shape));
  }
  return model;
}

test('a copy has the values of other rows in one feature, and its own in the others', () => {
  const rows = rowsOf();
  const all = permutedExamples(rows, 2, 7);
  expect(all.size).toBe(SIZE * (1 + 4 * 2));
  const own = rows.batch([...Array(SIZE).keys()]);
  const copy = (index: number) => all.batch(Array.from({ length: SIZE }, (_, i) => SIZE * (1 + index) + i));
  expect([all.copyOf(SIZE - 1), all.copyOf(SIZE), all.copyOf(3 * SIZE)]).toEqual([-1, 0, 2]);
  const age = copy(1);
  const column = (values: Float32Array, at: number) => Array.from({ length: SIZE }, (_, i) => values[4 * i + at]!);
  expect(column(age.numeric, 0)).not.toEqual(column(own.numeric, 0));
  expect(column(age.numeric, 0).sort()).toEqual(column(own.numeric, 0).sort());
  expect([column(age.numeric, 2), age.ids, age.labels]).toEqual([column(own.numeric, 2), own.ids, own.labels]);
  const tags = copy(4);
  expect(tags.bagIds).not.toEqual(own.bagIds);
  expect([tags.numeric, tags.ids]).toEqual([own.numeric, own.ids]);
  const noise = copy(6);
  expect(column(noise.numeric, 2).map((x, i) => own.numeric.indexOf(x) - 4 * i)).not.toContain(NaN);
  expect(column(noise.numeric, 0)).toEqual(column(own.numeric, 0));
});

test('the drop of the feature that a task reads, of the others, and of a task that reads nothing', async () => {
  const [rows, model] = [rowsOf(), ageModel()];
  const { importance, segments } = await explainModel(model, rows, { repeats: 3, seed: 7 });
  const { click, like } = importance!;
  expect(click!.value).toBe(1);
  const all = permutedExamples(rows, 3, 7);
  const drops = [0, 1, 2].map((r) => {
    const batch = all.batch(Array.from({ length: SIZE }, (_, i) => SIZE * (1 + r) + i));
    return (
      1 -
      auc(
        labelsOf(batch, 'click').labels,
        Array.from({ length: SIZE }, (_, i) => batch.numeric[4 * i]!),
      )
    );
  });
  const mean = drops.reduce((a, b) => a + b) / 3;
  expect(click!.features[0]!.drop).toBeCloseTo(mean, 12);
  expect(click!.features[0]!.deviation).toBeCloseTo(Math.sqrt(drops.reduce((a, b) => a + (b - mean) ** 2, 0) / 2), 12);
  expect(click!.features.slice(1).map(({ drop, deviation }) => [drop, deviation])).toEqual([
    [0, 0],
    [0, 0],
    [0, 0],
  ]);
  expect(like!.features.map(({ drop }) => drop)).toEqual([0, 0, 0, 0]);
  expect(segments).toEqual([{ name: 'all rows', rows: SIZE, fusion: [] }]);
  model.dispose();
});

test('a task without labels has no importance; rows without any are refused, unless only weights are asked for', async () => {
  const model = ageModel();
  const { importance } = await explainModel(model, rowsOf(['click']), { repeats: 1 });
  expect([importance!.click!.value, importance!.like!.value]).toEqual([1, NaN]);
  await expect(explainModel(model, rowsOf([]))).rejects.toThrow('Expected rows with a label');
  expect((await explainModel(model, rowsOf([]), { importance: false })).importance).toBeUndefined();
  model.dispose();
});

test('the weights of all rows are the mean of those of the segments, and the report has both', async () => {
  const rows = rowsOf();
  const network = mmoe({ levels: [{ experts: mlp([3]), pool: 2 }] });
  const model = multiTaskModel({ schema, network, seed: 1 });
  const by = Array.from({ length: SIZE }, (_, i) => (i % 3 === 0 ? 'a' : 'b'));
  const explanation = await explainModel(model, rows, { by, repeats: 1 });
  const [all, b, a] = explanation.segments;
  expect([all, b, a].map((each) => [each!.name, each!.rows])).toEqual([
    ['all rows', 60],
    ['b', 40],
    ['a', 20],
  ]);
  for (const [u, e] of [
    [0, 0],
    [0, 1],
    [1, 0],
    [1, 1],
  ] as const) {
    const of = (segment: typeof all) => segment!.fusion[0]!.gated[u]![e]!;
    expect(of(all)).toBeCloseTo((40 * of(b) + 20 * of(a)) / 60, 4);
    expect(of(a)).not.toBe(of(b));
  }
  const text = renderText(explanationDocument('people', explanation));
  expect(text).toMatch(/^feature +click: AUC 0\.\d{4} loses +like: AUC/m);
  expect(text).toMatch(/^a +20 +click +\d+\.\d%/m);
  expect(text).not.toContain('left out');
  const { click, like } = explanation.importance!;
  const without = { ...explanation, importance: { click, like: { ...like, value: NaN } } };
  expect(renderText(explanationDocument('people', without))).toContain(
    "like is left out: AUC isn't defined on these labels.",
  );
  const html = renderHtml(explanationDocument('people', explanation));
  expect(html).toContain('<h1>people, explained</h1>');
  expect(html.match(/<svg /g)).toHaveLength(4); // importance, and a heat map for each of three groups of rows
  model.dispose();
});

test('the levels of an ensemble have the names of its members', async () => {
  const experts = mlp([3]);
  const levels = [{ experts, pool: 2 }];
  const models = [crossStitch({ levels: [{ experts }] }), mmoe({ levels: [...levels, ...levels] })].map((network) =>
    multiTaskModel({ schema, network, seed: 1 }),
  );
  const model = ensembleOf(models.map((each) => ({ model: each })));
  const explanation = await explainModel(model, rowsOf(), { importance: false });
  expect(explanation.members).toEqual(['cross-stitch', 'mmoe']);
  const text = renderText(explanationDocument('mean', explanation));
  expect(text.match(/^.*(?=: whose experts)/gm)).toEqual([
    'Member 0 (cross-stitch), level 1',
    'Member 1 (mmoe), level 1',
    'Member 1 (mmoe), level 2',
  ]);
  for (const each of [...models, model]) each.dispose();
});
