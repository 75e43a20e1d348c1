import { mapValues } from '@polytask/components';
import type { Server } from 'node:http';
import { binary, labelsOf, multiTaskModel, regression, type Predictions } from '@polytask/core';
import { multiLabel, quantiles, survival } from '@polytask/core/tasks';
import { mlp } from '@polytask/experts';
import { adatt } from '@polytask/adatt';
import { accuracy, auc, expectedCalibrationError, mae, multiclassLogLoss, rmse } from '@polytask/metrics';
import { openPredictor, type Predictor } from '@polytask/serving';
import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { people, peopleModel, peopleSchema } from '../testing/people.ts';
import { labelWatch, type LabelWatch } from './label-watch.ts';
import { ModelSlot } from './model-slot.ts';
import { servedModel } from './served-model.ts';
import { listen } from './serve.ts';
import { serviceLimits } from './serve-options.ts';
import { serviceApp } from './service-app.ts';
import { shadowOf } from './shadow.ts';

const models = [peopleModel(5), peopleModel(6)] as const;
const errors: unknown[] = [];
const limits = serviceLimits({ maxRows: 60, onError: (error) => errors.push(error) });
let predictors: Predictor[];
let app: Server;
let url: string;

beforeAll(async () => {
  await tf.setBackend('cpu');
  predictors = await Promise.all(models.map((model) => openPredictor(model, { batchSizes: [1, 16] })));
});
beforeEach(async () => {
  const [slot, other] = predictors.map((predictor) => new ModelSlot(limits, predictor));
  app = await serviceApp(slot!, limits, shadowOf(other!, limits));
  url = await listen(app, { host: '127.0.0.1', port: 0 });
  return () => void app.close();
});
afterAll(async () => {
  for (const each of predictors) await each.dispose();
  for (const model of models) model.dispose();
  expect(errors).toEqual([]);
});

async function post(payload: unknown) {
  const body = typeof payload === 'string' ? payload : JSON.stringify(payload);
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(`${url}/labels`, { method: 'POST', headers, body });
  return { status: response.status, ...((await response.json()) as { labels?: object; error?: string }) };
}

/** Reads the value of a metric, or NaN. */
async function read(...names: string[]): Promise<number[]> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const lines = new Map(text.split('\n').map((line) => line.split(/ (?=\S+$)/) as [string, string]));
  return names.map((name) => Number(lines.get(`polytask_${name}`) ?? NaN));
}

const readAll = (watch: LabelWatch, rows: readonly unknown[]) => watch.reader(rows)(0, rows.length);

const CLASSES = ['never', 'now', 'before'];
const labeled = Array.from({ length: 60 }, (_, i) => ({
  ...people[i % 3]!,
  ...{ age: 20 + i, rich: i % 4 === 0 ? 'true' : 0, marital: CLASSES[i % 3], hours: i % 5 === 0 ? null : 30 + i },
}));

it('has the metrics of labels that came with their rows, of the shadow, too', async () => {
  expect(await read('labels{task="rich"}', 'label_bias{task="rich"}')).toEqual([NaN, NaN]);
  const parts = [await post(labeled.slice(0, 20)), await post({ rows: labeled.slice(20) })];
  expect(parts).toEqual([
    { status: 200, labels: { rich: 20, marital: 20, hours: 16 } },
    { status: 200, labels: { rich: 40, marital: 40, hours: 32 } },
  ]);
  const yes = labeled.map(({ rich }) => Number(rich === 'true'));
  const classes = labeled.map((_, i) => i % 3);
  const mean = (values: readonly number[]) => values.reduce((sum, each) => sum + each / values.length, 0);
  const near = async (name: string, expected: number, digits = 5) =>
    expect((await read(name))[0]).toBeCloseTo(expected, digits);
  await expect.poll(() => read('shadow_labels{task="rich"}')).toEqual([60]);
  for (const [prefix, model] of [
    ['', models[0]],
    ['shadow_', models[1]],
  ] as const) {
    const { rich, marital, hours } = model.predict(labeled);
    const timed = labeled.flatMap((row, i) => (row.hours === null ? [] : [[row.hours, hours[i]!] as const]));
    const [told, predicted] = [timed.map(([label]) => label), timed.map(([, value]) => value)];
    const score = (task: string, metric: string) => `${prefix}label_score{task="${task}",metric="${metric}"}`;
    expect(await read(`${prefix}labels{task="rich"}`, `${prefix}labels{task="hours"}`)).toEqual([60, 48]);
    await near(`${prefix}label_mean{task="rich"}`, mean(yes));
    await near(`${prefix}label_bias{task="rich"}`, mean([...rich]) - mean(yes));
    await near(`${prefix}label_mean{task="hours"}`, mean(told), 4);
    await near(`${prefix}label_bias{task="hours"}`, mean(predicted) - mean(told), 4);
    await near(score('rich', 'auc'), auc(yes, rich));
    await near(score('rich', 'ece'), expectedCalibrationError(yes, rich));
    await near(score('rich', 'accuracy'), accuracy(yes, rich));
    await near(score('marital', 'logLoss'), multiclassLogLoss(classes, marital));
    await near(score('hours', 'rmse'), rmse(told, predicted), 3);
    await near(score('hours', 'mae'), mae(told, predicted), 3);
    expect(await read(`${prefix}label_mean{task="marital"}`)).toEqual([NaN]);
  }
});

it('takes the labels of some tasks, in some rows, and other keys', async () => {
  const { rich: _, ...without } = labeled[1]!;
  expect(await post([labeled[0], without].map((row) => ({ ...row, marital: undefined, note: {} })))).toEqual({
    ...{ status: 200, labels: { rich: 1, marital: 0, hours: 1 } },
  });
});

it('reads a request in slices: the rows of all count, and faults have the row of the request', async () => {
  const rows = Array.from({ length: 600 }, (_, i) => labeled[i % 60]!);
  const served = servedModel(predictors[0]!, limits);
  for (const [wrong, error] of [
    [{ hours: '40' }, 'row 517, column "hours"'],
    [{ age: 'old' }, 'row 517, column "age"'],
    [{ hours: 1e300 }, 'row 517'],
  ] as const)
    await expect(served.compareLabels(rows.with(517, { ...rows[517]!, ...wrong } as never))).rejects.toThrow(error);
  const booleans = served.compareLabels(rows.with(517, { ...rows[517]!, hours: true as never }));
  await expect(booleans).rejects.toMatchObject({ faults: [{ row: 517, column: 'hours' }] });
  expect(served.labels.scores()).toEqual([]);
  expect(await served.compareLabels(rows)).toEqual({ rich: 600, marital: 600, hours: 480 });
  const whole = labelWatch(peopleSchema);
  whole.add(readAll(whole, rows), await served.predict(await served.read(rows)));
  for (const [task, { metrics, ...scores }] of served.labels.scores()) {
    const { metrics: wanted, ...others } = Object.fromEntries(whole.scores())[task]!;
    const rounded = (values: object) =>
      mapValues(values as Record<string, number>, (value) => Number(value.toFixed(9)));
    expect([rounded(metrics), rounded(scores)]).toEqual([rounded(wanted), rounded(others)]);
  }
});

it('refuses what has no labels, wrong ones, or no features, and counts nothing of it', async () => {
  const row = labeled[0]!;
  const refused: [unknown, RegExp][] = [
    [[], /Expected rows with at least one label of rich, marital, hours, received none/],
    [people, /received none/],
    [[{ ...people[0], riches: 1 }], /received none\. .*"riches"/],
    [[row, null], /Expected an object as row 1, received null/],
    [[[row]], /Expected an object as row 0/],
    [[row, { ...row, rich: 'maybe' }], /as the label of task "rich" in row 1, column "rich".*"maybe"/],
    [[row, { ...row, marital: 'nver' }], /a class of task "marital" in row 1.*Did you mean "never"/],
    [[row, { ...row, marital: { never: 1 } }], /in row 1.*column "marital"/],
    [[row, { ...row, hours: '40' }], /in row 1.*column "hours"/],
    [[row, { ...row, hours: 1e300 }], /task "hours" that 32 bits can hold/],
    [[row, { ...row, age: 'old' }], /in row 1.*column "age"/],
    [[row, { rich: 1 }], /column "age" in row 1/],
    ['[{"__proto__": {"rich": 1}}]', /received none/],
    ['[{"rich": 1, "__proto__": {"age": 3}}]', /column "age" in row 0/],
    ['{"labels": []}', /received the key "labels"/],
  ];
  for (const [payload, message] of refused)
    expect(await post(payload)).toMatchObject({ status: 400, error: expect.stringMatching(message) as string });
  expect((await post(new Array(61).fill(row))).status).toBe(413);
  expect(await read('labels{task="rich"}')).toEqual([NaN]);
});

it('forgets all but the latest labels', () => {
  const watch = labelWatch(peopleSchema);
  const batch = readAll(watch, labeled);
  const all = models[0].predict(labeled) as unknown as Predictions;
  const none = { ...all, rich: all['rich']!.map(() => 0) };
  const rich = () => Object.fromEntries(watch.scores())['rich']!;
  const most: number[] = [];
  for (let i = 0; i < 500; i++) {
    watch.add(batch, i < 100 ? all : none);
    if (i % 50 === 0 || i === 332 || i === 333) most.push(rich().labels);
  }
  expect(Math.max(...most)).toBeLessThan(20_100);
  expect(rich().labels).toBeGreaterThanOrEqual(10_000);
  expect(rich().prediction).toBe(0);
  expect(rich().metrics['auc']).toBe(0.5);
});

it('compares every kind of task, by the column and weight that the task names', async () => {
  const tasks = {
    paid: binary({ from: 'amount', above: 10, weightFrom: 'w' }),
    genres: multiLabel({ labels: ['drama', 'war'] }),
    days: quantiles({ levels: [0.1, 0.9] }),
    stays: survival({ event: 'gone', cuts: [30, 90] }),
    log: { ...regression({ log: true }), fitted: { mean: 1, deviation: 2 } },
  };
  const model = multiTaskModel({
    schema: { features: { age: peopleSchema.features['age']! }, tasks },
    network: adatt({ levels: [{ experts: mlp([4]), perTask: 1, shared: 1 }] }),
    seed: 7,
  });
  const rows = Array.from({ length: 30 }, (_, i) => ({
    ...{ age: i, amount: i, w: i % 3, genres: i % 2 ? ['war'] : 'drama|war', days: i, stays: 10 + 5 * i },
    ...{ gone: i % 2, log: i },
  }));
  const watch = labelWatch(model.schema);
  const predictions = model.predict(rows) as unknown as Predictions;
  const counts = watch.add(readAll(watch, rows), predictions);
  expect(counts).toEqual({ paid: 20, genres: 30, days: 30, stays: 30, log: 30 });
  const scores = Object.fromEntries(watch.scores());
  const weights = rows.map(({ w }) => w);
  const paid = rows.map(({ amount }) => Number(amount > 10));
  expect(scores['paid']!.metrics['auc']).toBeCloseTo(auc(paid, predictions['paid']!, weights), 9);
  expect(scores['log']!.label).toBeCloseTo(14.5, 4);
  for (const { metrics } of Object.values(scores))
    for (const value of Object.values(metrics)) expect(value).toBeGreaterThanOrEqual(0);
  const spelled = labelWatch({ features: model.schema.features, tasks: { rich: binary({ positive: '50000+.' }) } });
  for (const rich of [true, 1, '50000+'])
    expect(() => readAll(spelled, [{ age: 3, rich }])).toThrow(
      /counts as no for task "rich": yes is "50000\+\." there/,
    );
  expect(
    labelsOf(
      readAll(spelled, [
        { age: 3, rich: '50000+.' },
        { age: 3, rich: false },
      ]),
      'rich',
    ).labels,
  ).toEqual(Float32Array.of(1, 0));
  expect(() =>
    readAll(
      watch,
      rows.map(({ w: _, ...row }) => row),
    ),
  ).toThrow(/a sample weight.*column "w"/);
  model.dispose();
});
