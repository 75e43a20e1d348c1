import {
  labelsOf,
  lossesOf,
  multiTaskModel,
  binary,
  bpr,
  denseSchema,
  rowLosses,
  type Examples,
  type ExampleStream,
  type MultiTaskModel,
  regression,
} from '@polytask/core';
import { decodedLabels } from '@polytask/core/internal';
import { binnedAuc, auc, groupedAuc, mae, multiclassLogLoss, normalizedEntropy, rmse, prAuc } from '@polytask/metrics';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, expectTypeOf, test } from 'vitest';
import { tinyExamples, tinyModel, tinyTasks, withBatches } from '../testing/tiny.ts';
import { evaluate, scorePredictions } from './evaluate.ts';
import type { TaskPredictions } from './measure.ts';

beforeAll(() => tf.setBackend('cpu'));

const rows = 500;
const examples = tinyExamples(tinyTasks, rows, 3);
const all = examples.batch(Uint32Array.from({ length: rows }, (_, i) => i));

/** Labels, predictions and weights of the labeled rows, from the model's own predictions. */
function columns(name: keyof typeof tinyTasks) {
  const model = tinyModel();
  const predictions = model.predict(examples)[name];
  model.dispose();
  const { labels, weights } = labelsOf(all, name);
  const kept = [...weights].flatMap((weight, row) => (weight > 0 ? [row] : []));
  const width = predictions.length / rows;
  return {
    labels: [
      ...decodedLabels(
        tinyTasks[name],
        kept.map((row) => labels[row]!),
      ),
    ],
    predictions: kept.flatMap((row) => [...predictions.subarray(row * width, (row + 1) * width)]),
    weights: kept.map((row) => weights[row]!),
    kept,
  };
}

test('scores are the metrics of the labeled rows, with sample weights', async () => {
  const model = tinyModel();
  const scores = await evaluate(model, examples, { batchSize: 64 });
  const click = columns('click');
  expect(click.kept.length).toBeLessThan(rows);
  expect(scores.click.auc).toBeCloseTo(auc(click.labels, click.predictions, click.weights), 6);
  expect(scores.click.ne).toBeCloseTo(normalizedEntropy(click.labels, click.predictions, click.weights), 6);
  expect(scores.click.loss).toBeCloseTo(scores.click.logLoss, 6);
  const stars = columns('stars');
  expect(scores.stars.logLoss).toBeCloseTo(multiclassLogLoss(stars.labels, stars.predictions, stars.weights), 6);
  expect(scores.stars.loss).toBeCloseTo(scores.stars.logLoss, 6);
  const minutes = columns('minutes');
  expect(scores.minutes.rmse).toBeCloseTo(rmse(minutes.labels, minutes.predictions, minutes.weights), 5);
  expect(scores.minutes.mae).toBeCloseTo(mae(minutes.labels, minutes.predictions, minutes.weights), 5);
  expect(Object.keys(scores.click)).toEqual([
    'loss',
    'normalizedLoss',
    'auc',
    'ne',
    'logLoss',
    'calibration',
    'accuracy',
  ]);
  expect(Object.keys(scores.stars)).toEqual(['loss', 'normalizedLoss', 'accuracy', 'logLoss']);
  expect(Object.keys(scores.minutes)).toEqual(['loss', 'normalizedLoss', 'rmse', 'mae']);
  model.dispose();
});

test('members are averaged as predictions are, and their losses are', async () => {
  const model = multiTaskModel({ ...tinyModel().config, members: 3 });
  const scores = await evaluate(model, examples, { batchSize: 64 });
  const { click, minutes } = model.predict(examples);
  const kept = (task: keyof typeof tinyTasks, values: Float32Array) =>
    values.filter((_, row) => labelsOf(all, task).weights[row]! > 0);
  const rowsOf = (task: keyof typeof tinyTasks, predictions: Float32Array) =>
    [labelsOf(all, task).labels, predictions, labelsOf(all, task).weights].map((each) => kept(task, each)) as [
      Float32Array,
      Float32Array,
      Float32Array,
    ];
  expect(scores.click.auc).toBeCloseTo(auc(...rowsOf('click', click)), 6);
  expect(scores.minutes.rmse).toBeCloseTo(rmse(...rowsOf('minutes', minutes)), 5);
  const losses = tf.tidy(() => [...lossesOf(model, model.toTensors(all)).tasks.dataSync()]);
  expect(model.taskNames.map((task) => scores[task].loss)).toEqual(
    losses.map((loss) => expect.closeTo(loss, 5) as number),
  );
  expect(scores.click.logLoss).toBeLessThan(scores.click.loss); // by Jensen's inequality
  model.dispose();
});

test('a loss that compares rows of a group is the mean over members', async () => {
  const tasks = { click: binary({ loss: bpr() }) };
  const model = multiTaskModel({ ...tinyModel({ tasks }).config, members: 3 });
  const grouped = withBatches(tinyExamples(tasks, 60, 3), (batch) => ({
    ...batch,
    groups: Int32Array.from({ length: batch.size }, (_, row) => Math.floor(row / 5)),
  }));
  const scores = await evaluate(model, grouped);
  const batch = grouped.batch(Uint32Array.from({ length: 60 }, (_, i) => i));
  const loss = tf.tidy(() => lossesOf(model, model.toTensors(batch)).tasks.dataSync()[0]);
  expect(scores.click.loss).toBeCloseTo(loss!, 5);
  model.dispose();
});

test('the batch size changes nothing beyond rounding', async () => {
  const model = tinyModel();
  const [small, large] = [await evaluate(model, examples, { batchSize: 7 }), await evaluate(model, examples)];
  for (const task of ['click', 'stars', 'minutes'] as const) {
    for (const [metric, value] of Object.entries(small[task])) {
      expect(large[task][metric as 'loss'], `${task}.${metric}`).toBeCloseTo(value, 6);
    }
  }
  model.dispose();
});

describe('losses in double precision are those of the device', () => {
  const tasks = {
    plain: binary(),
    heavy: binary({ positiveWeight: 3 }),
    stars: tinyTasks.stars,
    huber: tinyTasks.minutes,
    mse: { ...tinyTasks.minutes, loss: 'mse' as const },
    mae: { ...tinyTasks.minutes, loss: 'mae' as const },
  };
  test.each(Object.keys(tasks) as (keyof typeof tasks)[])('%s', async (name) => {
    const model = tinyModel({ tasks });
    const rowsOf = tinyExamples(tasks, 200, 5);
    const scores = await evaluate(model, rowsOf);
    const expected = tf.tidy(() => {
      const batch = model.toTensors(rowsOf.batch(Uint32Array.from({ length: 200 }, (_, i) => i)));
      const at = model.taskNames.indexOf(name);
      const [given, weights] = [tf.unstack(batch.labels)[at]!, tf.unstack(batch.weights)[at]!];
      const labels = tf.where(tf.isNaN(given), 0, given) as tf.Tensor1D;
      const losses = rowLosses(tasks[name], model.forward(batch).logits[name], labels);
      return [...tf.stack([tf.sum(tf.mul(losses, weights)), tf.sum(weights)]).dataSync()];
    });
    expect(scores[name].loss).toBeCloseTo(expected[0]! / expected[1]!, 5);
    model.dispose();
  });
});

test('predictions are those of predict for the labeled rows, whatever the batches', async () => {
  const model = tinyModel();
  const { scores, predictions } = await evaluate(model, examples, { predictions: true, batchSize: 64 });
  for (const name of ['click', 'stars', 'minutes'] as const) {
    const { kept, labels, weights, predictions: expected } = columns(name);
    const found = predictions[name];
    expect([...found.rows]).toEqual(kept);
    expect([...found.weights]).toEqual(weights);
    expect([...found.labels]).toEqual(labels);
    expect(found.predictions).toHaveLength(expected.length);
    found.predictions.forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 4));
  }
  expect(predictions.stars.predictions).toHaveLength(3 * predictions.stars.rows.length);
  expect(scores).toEqual(await evaluate(model, examples, { batchSize: 64, predictions: false }));
  expect(scores.click.auc).toBe(
    auc(predictions.click.labels, predictions.click.predictions, predictions.click.weights),
  );
  model.dispose();
});

test('predictions and labels of a regression are in the unit of the label', async () => {
  const tasks = { minutes: { ...tinyTasks.minutes, fitted: { mean: 30, deviation: 10 } } };
  const model = tinyModel({ tasks });
  const { scores, predictions } = await evaluate(model, tinyExamples(tasks, 50, 3), { predictions: true });
  const { rows: labeled, labels, predictions: values, weights } = predictions.minutes;
  const all = tinyExamples(tasks, 50, 3).batch(Uint32Array.from({ length: 50 }, (_, i) => i));
  const encoded = labelsOf(all, 'minutes').labels;
  labeled.forEach((row, i) => expect(Math.fround((labels[i]! - 30) / 10)).toBe(encoded[row]));
  const squares = labels.map((label, i) => weights[i]! * (values[i]! - label) ** 2);
  const mean = squares.reduce((a, b) => a + b) / weights.reduce((a, b) => a + b);
  expect(scores.minutes.rmse).toBeCloseTo(Math.sqrt(mean), 8);
  model.dispose();
});

test('groups give the grouped AUC of binary tasks', async () => {
  const model = tinyModel();
  const groups = Array.from({ length: rows }, (_, row) => `user${row % 17}`);
  const scores = await evaluate(model, examples, { groups, batchSize: 100 });
  const { labels, predictions, weights, kept } = columns('click');
  const expected = groupedAuc(
    labels,
    predictions,
    kept.map((row) => groups[row]!),
    { weights },
  );
  expect(scores.click.gauc).toBeCloseTo(expected, 6);
  expect(Object.keys(scores.minutes)).not.toContain('gauc');
  model.dispose();
});

test('groups that the rows carry are those of the grouped AUC, unless others are given', async () => {
  const model = tinyModel();
  const groupOf = (row: number) => (row % 11 === 0 ? -1 - (row % 3) : row % 17); // several rows have none
  const carrying: Examples<typeof tinyTasks> = {
    ...examples,
    batch: (at) => ({ ...examples.batch(at), groups: Int32Array.from(at, groupOf) }),
  };
  const { labels, predictions, weights, kept } = columns('click');
  const groups = kept.map((row) => (row % 11 === 0 ? `row ${row}` : groupOf(row)));
  const expected = groupedAuc(labels, predictions, groups, { weights });
  for (const batchSize of [11, 100, 500]) {
    const scores = await evaluate(model, carrying, { batchSize });
    expect(scores.click.gauc).toBeCloseTo(expected, 6);
    expect(Object.keys(scores.minutes)).not.toContain('gauc');
    expectTypeOf(scores.click.gauc).toEqualTypeOf<number | undefined>();
  }
  const stream: ExampleStream<typeof tinyTasks> = {
    schema: examples.schema,
    async *chunks() {
      for (let from = 0; from < rows; from += 50) yield carrying.batch(Array.from({ length: 50 }, (_, i) => from + i));
    },
  };
  const streamed = await evaluate(model, { ...stream, grouped: true }, { metrics: { click: ['gauc', 'ndcg@3'] } });
  expect(streamed.click.gauc).toBeCloseTo(expected, 6);
  expect(streamed.click['ndcg@3']).toBeGreaterThan(0);
  await expect(evaluate(model, stream, { metrics: { click: ['gauc'] } })).rejects.toThrow(
    'groups for the metric "gauc" of task "click", received none. Name their column',
  );

  const others = Array.from({ length: rows }, (_, row) => row % 5);
  const given = await evaluate(model, carrying, { groups: others });
  expectTypeOf(given.click.gauc).toEqualTypeOf<number>();
  expect(given).toEqual(await evaluate(model, examples, { groups: others }));
  model.dispose();
});

test('the types say no to misspelled metrics, and to scores that are not there', async () => {
  const model = tinyModel();
  // @ts-expect-error no metric is called aucc
  await expect(evaluate(model, examples, { metrics: { click: ['aucc'] } })).rejects.toThrow('"auc"');
  const scores = await evaluate(model, examples, { metrics: { click: ['auc'] } });
  // @ts-expect-error nor is a score
  expect(scores.click.aucc).toBeUndefined();
  const anyTask: Record<string, string[]> = { click: ['auc'] };
  const unknown = model as unknown as MultiTaskModel; // of tasks that the types don't know
  expect((await evaluate(unknown, examples as Examples, { metrics: anyTask }))['click']!['auc']).toBe(scores.click.auc);
  model.dispose();
});

test('metrics can be chosen by task, by name or as objects', async () => {
  const model = tinyModel();
  const chosen = { click: ['prAuc', 'auc'], stars: ['accuracy'] } as const;
  const scores = await evaluate(model, examples, { metrics: chosen });
  expect(Object.keys(scores.click)).toEqual(['loss', 'normalizedLoss', 'prAuc', 'auc']);
  expect(Object.keys(scores.stars)).toEqual(['loss', 'normalizedLoss', 'accuracy']);
  expect(Object.keys(scores.minutes)).toEqual(['loss', 'normalizedLoss', 'rmse', 'mae']);
  const binned = await evaluate(model, examples, { metrics: { click: [binnedAuc.metric()] } });
  expect(binned.click['binnedAuc']).toBeCloseTo(scores.click.auc, 2);
  model.dispose();
});

test('a task without any label, or with one class, has no number where there is none', async () => {
  const model = tinyModel();
  const unlabeled = withBatches(examples, (batch) => {
    labelsOf(batch, 'click').labels.fill(1);
    labelsOf(batch, 'stars').weights.fill(0);
    return batch;
  });
  const scores = await evaluate(model, unlabeled);
  expect(scores.click.auc).toBeNaN();
  expect(scores.click.logLoss).toBeGreaterThan(0);
  expect(scores.stars).toEqual({ loss: NaN, normalizedLoss: NaN, accuracy: NaN, logLoss: NaN });
  model.dispose();
});

test('no tensor is left, whether it ends well or not', async () => {
  const model = tinyModel();
  const before = tf.memory().numTensors;
  await evaluate(model, examples, { batchSize: 50 });
  expect(tf.memory().numTensors).toBe(before);
  const broken = withBatches(examples, (batch) => ({ ...batch, weights: new Float32Array(0) }));
  await expect(evaluate(model, broken)).rejects.toThrow('labels and no weights');
  expect(tf.memory().numTensors).toBe(before);
  model.dispose();
});

test('nonsense is refused', async () => {
  const model = tinyModel();
  const refused = async (promise: Promise<unknown>, message: string) => expect(promise).rejects.toThrow(message);
  await refused(
    evaluate(model, [] as never),
    'Expected the rows to evaluate to be encoded examples, such as a table, received an array.',
  );
  await refused(evaluate(model, { ...examples, size: 0 }), 'at least one row in the rows to evaluate');
  await refused(evaluate(model, examples, { batchSize: 0 }), 'evaluate.batchSize, received 0');
  await refused(evaluate(model, examples, { batchsize: 9 } as never), 'Did you mean "batchSize"?');
  await refused(evaluate(model, examples, { predictions: 1 as never }), 'evaluate.predictions, received 1');
  await refused(evaluate(model, examples, { groups: ['a'] }), 'Expected 500 groups, one a row, received 1.');
  await refused(evaluate(model, examples, { engine: 'eagre' as never }), 'Did you mean "eager"?');
  await refused(evaluate(model, examples, { metrics: { clik: ['auc'] } as never }), 'Did you mean "click"?');
  await refused(evaluate(model, examples, { metrics: { click: ['auk'] } as never }), 'Did you mean "auc"?');
  await refused(
    evaluate(model, examples, { metrics: { click: ['rmse'] } as never }),
    '"rmse", which is for regression',
  );
  await refused(
    evaluate(model, examples, { metrics: { click: ['gauc'] } }),
    'groups for the metric "gauc" of task "click"',
  );
  const wider = tinyExamples({ click: tinyTasks.click }, 10);
  await refused(
    evaluate(model, wider as never),
    'Expected labels of the multiclass task "stars" in the rows to evaluate, received labels of click.',
  );
  const other = { ...examples, schema: { ...denseSchema(4, tinyTasks) } };
  await refused(evaluate(model, other), 'another at features.x.width: 4, where the model has 5');
  const nan = withBatches(examples, (batch) => ({ ...batch, numeric: batch.numeric.map(() => NaN) }));
  await refused(evaluate(model, nan), 'Task "click" has the output NaN');
  await refused(evaluate(model, examples, { signal: AbortSignal.abort(new Error('enough')) }), 'enough');
  model.dispose();
});

beforeAll(() => tf.setBackend('cpu'));

const column = (labels: number[], predictions: number[]): TaskPredictions => ({
  rows: Uint32Array.from(labels.keys()),
  labels: Float64Array.from(labels),
  predictions: Float64Array.from(predictions),
  weights: new Float64Array(labels.length).fill(1),
});

test('gives the scores of evaluate, to the last digits, for every kind of task', async () => {
  const model = tinyModel();
  const examples = tinyExamples(tinyTasks, 300, 3);
  const groups = Array.from({ length: 300 }, (_, row) => row % 7);
  const { scores, predictions } = await evaluate(model, examples, { groups, predictions: true, batchSize: 64 });
  const again = scorePredictions(tinyTasks, predictions, { groups });
  for (const [task, values] of Object.entries(again)) {
    const { loss: _, ...expected } = scores[task as keyof typeof scores];
    expect(Object.keys(values)).toEqual(Object.keys(expected));
    for (const [metric, value] of Object.entries(values))
      expect(value).toBeCloseTo(expected[metric as keyof typeof expected], 10);
  }
  model.dispose();
});

test('takes other metrics, and measures the normalized loss of a logarithmic task on logarithms', () => {
  const tasks = { click: binary(), seconds: regression({ log: true }) };
  const click = column([0, 1, 1, 0], [0.2, 0.9, 0.3, 0.4]);
  // logarithms of the labels: 0, 1, 2 (mean 1, deviation √(2/3)); errors 0, 1, 0: √(1/3) / √(2/3) = √½
  const labels = [0, Math.E - 1, Math.E ** 2 - 1];
  const seconds = column(labels, [0, Math.E ** 2 - 1, Math.E ** 2 - 1]);
  const scores = scorePredictions(tasks, { click, seconds }, { metrics: { click: ['prAuc'] } });
  expect(scores.click['prAuc']).toBe(prAuc(click.labels, click.predictions));
  expect(scores.seconds['normalizedLoss']).toBeCloseTo(Math.SQRT1_2, 12);
});

test('a task without predictions, and a metric that does not fit, are refused', () => {
  const tasks = { click: binary(), like: binary() };
  const click = column([0, 1], [0.2, 0.9]);
  expect(() => scorePredictions(tasks, { click } as never)).toThrow(
    'Expected predictions of task "like", received none',
  );
  expect(() => scorePredictions(tasks, { click, like: click }, { metrics: { like: ['rmse'] } })).toThrow(
    'for the binary task "like"',
  );
});
