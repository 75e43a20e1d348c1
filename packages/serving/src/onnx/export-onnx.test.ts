import { noFusion, oneHot, ple } from '@polytask/baselines';
import { CompileError, nodeRuntime, type Precision, type Runtime } from '@polytask/compile';
import {
  binary,
  denseSchema,
  multiclass,
  multiTaskModel,
  embed,
  regression,
  type Feature,
  type IdSequenceFeature,
  type MultiTaskModel,
  type Schema,
  type Tasks,
} from '@polytask/core';
import { isotonic, platt, temperature } from '@polytask/core/calibration';
import { amount, count, multiLabel, ordinal, quantiles, survival } from '@polytask/core/tasks';
import { mlp } from '@polytask/experts';
import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import { beforeAll, describe, expect, it } from 'vitest';
import { some } from '../../../../cases.base.ts';
import { mixedModel, MODELS, trained } from '../testing/models.ts';
import { largestDifference, mixedRows, mixedSchema, sequenceFeatures, sequenceRows } from '../testing/rows.ts';
import { compilePredict } from '../predict/compiled-predictor.ts';
import { exportOnnx } from './export-onnx.ts';
import { encodeForOnnx } from './feature-inputs.ts';

let runtime: Runtime;

beforeAll(async () => {
  await tf.setBackend('cpu');
  runtime = await nodeRuntime();
});

const dataOf = (results: Awaited<ReturnType<Awaited<ReturnType<Runtime['load']>>['run']>>) =>
  Object.fromEntries(Object.entries(results).map(([name, { data }]) => [name, data]));

/** How far the file is from the model at some batch sizes. */
async function differences<T extends Tasks>(
  model: MultiTaskModel<T>,
  rows: (count: number) => readonly Record<string, unknown>[],
  sizes: readonly number[],
) {
  const session = await runtime.load(await exportOnnx(model));
  const found: number[] = [];
  for (const size of sizes) {
    const given = rows(size);
    const results = await session.run(encodeForOnnx(model.schema, given));
    found.push(largestDifference(dataOf(results), model.predict(given)));
  }
  await session.release();
  return found;
}

describe('a file of a lower precision', () => {
  const build = (update: 'dense' | 'sparse') =>
    multiTaskModel({
      schema: mixedSchema,
      input: embed({ dimension: 8, update }),
      network: ple({ levels: [{ experts: mlp([64, 32]) }] }),
      tower: mlp([16]),
      seed: 7,
    });
  const predictions = async (model: ReturnType<typeof build>, precision: Precision | 'float32') => {
    const file = await exportOnnx(model, { precision });
    const session = await runtime.load(file);
    const results = dataOf(await session.run(encodeForOnnx(model.schema, mixedRows(40))));
    await session.release();
    return { size: file.length, results };
  };

  /** Numbers that 8 bits hold: k / 128, with 127 / 128 in the first row and column of each matrix, so that this is the step. */
  function round(values: Float32Array, shape: readonly number[]) {
    const [rows, columns] = [shape.at(-2)!, shape.at(-1)!];
    return values.map((x, i) =>
      i % (rows * columns) < columns || i % columns === 0
        ? 127 / 128
        : Math.max(-127, Math.min(127, Math.round(128 * x))) / 128,
    );
  }

  it.each(['dense', 'sparse'] as const)(
    'is exact for numbers that it holds, and smaller: a %s table',
    async (update) => {
      const model = build(update);
      for (const { variable, trainable } of model.store.all()) {
        if (!trainable || variable.rank < 2) continue;
        variable.assign(tf.tensor(round(variable.dataSync<'float32'>(), variable.shape), variable.shape));
      }
      for (const { values, shape } of model.store.tables()) values.set(round(values, shape));
      const exact = await predictions(model, 'float32');
      const narrow = { float16: await predictions(model, 'float16'), int8: await predictions(model, 'int8') };
      for (const { results } of Object.values(narrow))
        expect(largestDifference(results, exact.results as never)).toBeLessThan(1e-6);
      expect(narrow.float16.size).toBeLessThan(0.7 * exact.size);
      expect(narrow.int8.size).toBeLessThan(0.8 * narrow.float16.size);
      model.dispose();
    },
  );

  it('rounds a trained model a little, and refuses another precision', async () => {
    const model = build('dense');
    const exact = await predictions(model, 'float32');
    for (const [precision, most] of [
      ['float16', 1e-3],
      ['int8', 0.02],
      ['dynamic-int8', 0.02],
    ] as const) {
      // prettier-ignore
      const difference = largestDifference((await predictions(model, precision)).results, exact.results as never);
      expect(difference).toBeGreaterThan(0);
      expect(difference).toBeLessThan(most);
    }
    await expect(exportOnnx(model, { precision: 'int4' as never })).rejects.toThrow(
      '"int8", "dynamic-int8" for exportOnnx.precision',
    );
    model.dispose();
  });
});

describe('one file has the same numbers as model.predict, whatever the batch', () => {
  it.each(some(Object.entries(MODELS), 1))('%s', async (_, parts) => {
    const model = trained(mixedModel(parts()));
    for (const difference of await differences(model, mixedRows, [1, 2, 37, 1000]))
      expect(difference).toBeLessThan(1e-5);
    model.dispose();
  });

  it('of all kinds of task', async () => {
    const tasks: Tasks = {
      click: { ...binary(), fitted: { rate: 0.1 } },
      like: binary(),
      kind: multiclass({ classes: ['a', 'b', 'c'] }),
      hours: { ...regression({ log: true }), fitted: { mean: 2, deviation: 0.5 } },
      costs: { ...quantiles({ log: true }), fitted: { mean: 1, deviation: 0.5 } },
      spent: { ...amount(), fitted: { mean: 0.5, deviation: 1.2, rate: 0.2 } },
      visits: { ...count(), fitted: { mean: 3, deviation: 2 } },
      tags: { ...multiLabel({ labels: ['comedy', 'drama', 'war'] }), fitted: { shares: [0.1, 0.5, 0.2] } },
      stays: { ...survival({ cuts: [10, 30, 90] }), fitted: { shares: [0.1, 0.2, 0.1] } },
      grade: ordinal({ classes: ['low', 'middle', 'high'] }),
      stars: ordinal({ classes: ['1', '2', '3', '4', '5'], link: 'corn' }),
    };
    const network = ple({ levels: [{ experts: mlp([4]) }] });
    const model = trained(multiTaskModel({ schema: { ...mixedSchema, tasks }, network, seed: 7 }));
    for (const difference of await differences(model, mixedRows, [1, 37])) expect(difference).toBeLessThan(1e-5);
    const predictor = await compilePredict(model, { runtime });
    const rows = mixedRows(37);
    expect(largestDifference(await predictor.predict(rows), model.predict(rows))).toBeLessThan(1e-5);
    await predictor.dispose();
    model.dispose();
  });

  it.each([1, 3])('of calibrated tasks, with %d members', async (members) => {
    const tasks = {
      click: binary(),
      like: { ...binary(), calibrated: { calibration: isotonic({ x: [-2, -0.1, 1], y: [-1, 0, 2], ends: [1, 0.5] }) } },
      share: { ...binary(), calibrated: { calibration: platt({ slope: 0.5, offset: 1 }) } },
      kind: {
        ...multiclass({ classes: ['a', 'b', 'c'] }),
        calibrated: { calibration: temperature({ temperature: 3 }) },
      },
    };
    const schema = { ...mixedSchema, tasks };
    const model = trained(
      multiTaskModel({ schema, network: ple({ levels: [{ experts: mlp([4]) }] }), seed: 7, members }),
    );
    for (const difference of await differences(model, mixedRows, [1, 37])) expect(difference).toBeLessThan(1e-5);
    const predictor = await compilePredict(model, { runtime });
    const rows = mixedRows(37);
    const predictions = model.predict(rows);
    expect(largestDifference(await predictor.predict(rows), predictions)).toBeLessThan(1e-5);
    model.setCalibrated({ like: undefined, kind: undefined });
    const before = model.predict(rows);
    expect(largestDifference({ like: before.like }, { like: predictions.like })).toBeGreaterThan(0.01);
    expect(largestDifference({ kind: before.kind }, { kind: predictions.kind })).toBeGreaterThan(0.01);
    await predictor.dispose();
    model.dispose();
  });

  it.each<[string, Record<string, Feature>]>([
    ['plain numbers', { height: mixedSchema.features['height']! }],
    ['logarithms', { income: mixedSchema.features['income']!, debts: mixedSchema.features['debts']! }],
    ['a vector', { position: mixedSchema.features['position']! }],
    ['categories', { state: mixedSchema.features['state']! }],
    ['hashes', { device: mixedSchema.features['device']! }],
    ['lists', { words: mixedSchema.features['words']!, genres: mixedSchema.features['genres']! }],
    ['a number that never varied', { never_varied: mixedSchema.features['never_varied']! }],
  ])('of %s alone', async (_, features) => {
    const schema = { features, tasks: { click: binary() } };
    const model = multiTaskModel({ schema, network: ple({ levels: [{ experts: mlp([4]) }] }), seed: 7 });
    for (const difference of await differences(model, mixedRows, [1, 3, 40])) expect(difference).toBeLessThan(1e-5);
    model.dispose();
  });

  it.each([
    ['embeddings', {}],
    ['one-hot columns', { input: oneHot() }],
  ])('of sequences, by %s', async (_, options) => {
    const schema = { features: sequenceFeatures, tasks: { click: binary() } };
    const network = ple({ levels: [{ experts: mlp([4]) }] });
    const model = multiTaskModel({ schema, network, seed: 7, ...options });
    for (const difference of await differences(model, sequenceRows, [1, 3, 40])) expect(difference).toBeLessThan(1e-5);
    expect(new Set(model.predict(sequenceRows(12)).click)).toHaveProperty('size', 12);
    model.dispose();
  });

  it.each(['dense', 'sparse'] as const)(
    'of composed hashes of one and two vectors, with a table that is %s',
    async (update) => {
      const schema: Schema = {
        features: {
          ...sequenceFeatures,
          film: { kind: 'hashed', buckets: 12, quotients: 3, vectors: 2 }, // whose table sequences share
          studio: { kind: 'hashed', buckets: 1_000_000_007, quotients: 30_000 },
          searched: {
            ...(sequenceFeatures['searched'] as IdSequenceFeature),
            values: { kind: 'hashed', buckets: 9, quotients: 2 },
          },
        },
        tasks: { click: binary() },
      };
      const network = ple({ levels: [{ experts: mlp([4]) }] });
      const model = multiTaskModel({
        schema,
        network,
        seed: 7,
        input: embed({ dimension: 2, update, start: 'pytorch' }),
      });
      const rows = (count: number) =>
        sequenceRows(count).map((row, i) => ({ ...row, studio: i % 5 === 4 ? null : `studio ${i}` }));
      for (const difference of await differences(model, rows, [1, 3, 40])) expect(difference).toBeLessThan(1e-5);
      const predictor = await compilePredict(model, { runtime, batchSizes: [1, 16] });
      expect(largestDifference(await predictor.predict(rows(21)), model.predict(rows(21)))).toBeLessThan(1e-5);
      expect(new Set(model.predict(rows(12)).click)).toHaveProperty('size', 12);
      await predictor.dispose();
      model.dispose();
    },
  );

  it('of a model on the wasm backend', async () => {
    await tf.setBackend('wasm');
    const model = trained(mixedModel(MODELS['logistic regression']!()));
    for (const difference of await differences(model, mixedRows, [1, 37])) expect(difference).toBeLessThan(1e-5);
    model.dispose();
    await tf.setBackend('cpu');
  });

  it('of numbers far from zero, as far as float32 goes', async () => {
    const feature = { kind: 'numeric', mean: 1_699_999_997.25, deviation: 4096 } as const;
    const model = multiTaskModel({
      schema: { features: { time: feature }, tasks: { click: binary() } },
      network: noFusion(),
      seed: 7,
    });
    const rows = (count: number) => Array.from({ length: count }, (_, i) => ({ time: 1_700_000_000 + 128 * i })); // float32 values
    for (const difference of await differences(model, rows, [1, 50])) expect(difference).toBeLessThan(1e-5);
    model.dispose();
  });

  it('of a model with hundreds of features', async () => {
    const features = Object.fromEntries(
      Array.from({ length: 200 }, (_, i): [string, Feature] => [
        `f${i}`,
        { kind: 'numeric', mean: i, deviation: 1 + i, log: i % 2 === 0, indicator: i % 3 === 0 },
      ]),
    );
    const model = multiTaskModel({ schema: { features, tasks: { click: binary() } }, network: noFusion(), seed: 7 });
    const rows = (count: number) =>
      Array.from({ length: count }, (_, r) =>
        Object.fromEntries(Object.keys(features).map((name, i) => [name, (r + i) % 11 === 0 ? null : r * i - 5])),
      );
    for (const difference of await differences(model, rows, [1, 20])) expect(difference).toBeLessThan(1e-5);
    model.dispose();
  });
});

describe('the file', () => {
  it('has shapes that follow the batch', async () => {
    const model = mixedModel(MODELS['mmoe']!());
    const session = await runtime.load(await exportOnnx(model));
    const results = await session.run(encodeForOnnx(mixedSchema, mixedRows(5)));
    expect(
      Object.fromEntries(Object.entries(results).map(([name, { type, shape }]) => [name, [type, ...shape]])),
    ).toEqual({
      click: ['float32', 5],
      stars: ['float32', 5, 3],
      minutes: ['float32', 5],
    });
    await session.release();
    model.dispose();
  });

  it("takes codes that a field does not have as unknown, and never reads another field's rows", async () => {
    const model = trained(mixedModel(MODELS['ple']!()));
    const session = await runtime.load(await exportOnnx(model));
    const unknown = encodeForOnnx(mixedSchema, [{ ...mixedRows(1)[0], state: 'Mars', genres: ['Mars', 'drama'] }]);
    const expected = dataOf(await session.run(unknown));
    for (const code of [-1, 5, 2 ** 31 - 1, -(2 ** 31)]) {
      const state = { ...unknown['state']!, data: Int32Array.of(code) };
      expect(dataOf(await session.run({ ...unknown, state }))).toEqual(expected);
    }
    const genres = { ...unknown['genres']!, data: Int32Array.of(99, 2, -1) };
    expect(dataOf(await session.run({ ...unknown, genres }))).toEqual(expected);
    await session.release();
    model.dispose();
  });

  it('has no inputs but the features, and keeps what the model was when it was written', async () => {
    const model = mixedModel(MODELS['adattSp']!());
    const rows = mixedRows(3);
    const before = model.predict(rows);
    const file = await exportOnnx(model);
    trained(model);
    const session = await runtime.load(file);
    expect(largestDifference(dataOf(await session.run(encodeForOnnx(mixedSchema, rows))), before)).toBeLessThan(1e-5);
    expect(largestDifference(model.predict(rows), before)).toBeGreaterThan(1e-3);
    await session.release();
    model.dispose();
  });

  it('calls a task that is a feature, too, by a name of its own', async () => {
    const schema: Schema = {
      features: {
        age: { kind: 'numeric', mean: 0, deviation: 1 },
        age_prediction: { kind: 'numeric', mean: 0, deviation: 1 },
      },
      tasks: { age: binary(), other: binary() },
    };
    const model = multiTaskModel({ schema, network: noFusion(), seed: 7 });
    const session = await runtime.load(await exportOnnx(model));
    const rows = [{ age: 1, age_prediction: 2 }];
    const results = dataOf(await session.run(encodeForOnnx(schema, rows)));
    const { age, other } = model.predict(rows) as Record<string, Float32Array>;
    expect(largestDifference(results, { age_prediction_prediction: age!, other: other! })).toBeLessThan(1e-6);
    await session.release();
    model.dispose();
  });
});

describe('what export does to its surroundings', () => {
  it('leaves no tensor behind, and the backend as it was', async () => {
    const model = mixedModel(MODELS['adatt']!());
    const before = tf.memory().numTensors;
    await exportOnnx(model);
    expect(tf.memory().numTensors).toBe(before);
    expect(tf.getBackend()).toBe('cpu');
    model.dispose();
  });

  it('leaves none where the model has no graph, and says why', async () => {
    const model = mixedModel(MODELS['mmoe']!());
    const { forward } = model;
    model.forward = (features, options) => {
      const given = forward.call(model, features, options) as ReturnType<typeof model.forward>;
      given.logits.click.dataSync();
      return given;
    };
    const before = tf.memory().numTensors;
    await expect(exportOnnx(model)).rejects.toThrow(CompileError);
    expect(tf.memory().numTensors).toBe(before);
    model.dispose();
  });

  it('refuses parameters that are not finite', async () => {
    const model = mixedModel(MODELS['mmoe']!());
    const { name, variable } = model.store.trainable()[0]!;
    variable.assign(tf.fill(variable.shape, NaN));
    await expect(exportOnnx(model)).rejects.toThrow(
      `Expected finite parameters in the model to export, received "${name}" with NaN.`,
    );
    model.dispose();
  });

  it("refuses metadata under names of its own, and features with names of the graph's values", async () => {
    const model = mixedModel(MODELS['mmoe']!());
    await expect(exportOnnx(model, { metadata: { 'polytask.schema': '{}' } })).rejects.toThrow(
      'Expected metadata of your own, received "polytask.schema".',
    );
    model.dispose();
    const schema = { features: { 't:1': { kind: 'vector', width: 2 } }, tasks: { click: binary() } } as const;
    const other = multiTaskModel({ schema, network: noFusion(), seed: 7 });
    await expect(exportOnnx(other)).rejects.toThrow('received "t:1". Rename it in the schema.');
    other.dispose();
  });

  it('works for a model of one vector', async () => {
    const model = multiTaskModel({ schema: denseSchema(4, { click: binary() }), network: noFusion(), seed: 1 });
    const rows = (count: number) => Array.from({ length: count }, (_, i) => ({ x: [i, 1, -i, 0.5] }));
    expect(await differences(model, rows, [1])).toEqual([expect.closeTo(0, 6)]);
    model.dispose();
  });
});
