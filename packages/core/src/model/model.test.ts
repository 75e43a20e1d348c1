import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import type { Examples } from '../features/batch.ts';
import { defineInput } from '../inputs/input.ts';
import { denseSchema } from '../features/schema.ts';
import { randomStream } from '../random/random.ts';
import { binary } from '../tasks/binary.ts';
import { denseModel, tinyExpert, tinyModel, tinyNetwork, tinyRows, tinySchema } from '../testing/tiny.ts';
import { callOn } from '../layers/layer.ts';
import { fusionWeights } from './fusion-weights.ts';
import { type MultiTaskModel, multiTaskModel } from './model.ts';
import { lossesOf } from './losses.ts';

const numbersAlone = defineInput('numbers-alone', ({ layout }) => ({
  outputDim: layout.numeric,
  apply: ({ numeric }) => numeric,
}));

const withTask = (a: object) => ({ schema: { ...tinySchema, tasks: { a } } }) as never;

const vectors = (rows: number, width = 5) => {
  const values = randomStream(3, 'rows').normal(rows * width);
  return Array.from({ length: rows }, (_, r) => ({ x: [...values.subarray(r * width, (r + 1) * width)] }));
};

describe('a tap on the experts', () => {
  const make = () => denseModel({ a: binary(), b: binary() });
  const batchOf = (model: ReturnType<typeof make>) => {
    const labels = tf.stack([tf.ones([6]), tf.zeros([6])]) as tf.Tensor2D;
    return { ...model.toTensors(model.encode(vectors(6))), labels, weights: tf.ones<tf.Rank.R2>([2, 6]) };
  };

  it('sees what the experts of each level give, and gradients can be taken there', () => {
    const model = make();
    tf.tidy(() => {
      const batch = batchOf(model);
      const reports: string[] = [];
      const untouched = lossesOf(model, batch);
      const shift = (by: tf.Tensor) =>
        lossesOf(model, batch, {
          experts: (outputs, level) => {
            reports.push(`${level} ${outputs.shape.join()}`);
            return tf.add(outputs, by);
          },
        }).total;
      expect(shift(tf.zeros([4, 6, 4])).dataSync()).toEqual(untouched.total.dataSync());
      expect(reports).toEqual(['levels.0 4,6,4']);
      const slope = tf.grad(shift)(tf.zeros([4, 6, 4]));
      const step = 1e-2;
      const nudge = tf
        .oneHot(tf.tensor1d([7], 'int32'), 96)
        .reshape([4, 6, 4])
        .cast('float32')
        .mul(step);
      const difference = tf.sub(shift(nudge), shift(tf.neg(nudge))).dataSync()[0]! / (2 * step);
      expect(slope.dataSync()[7]).toBeCloseTo(difference, 4);
    });
    model.dispose();
  });
});

describe('a multi-task model', () => {
  it('predicts by task name: probabilities, classes row by row, a number', () => {
    const model = tinyModel();
    const predicted = model.predict(tinyRows);
    expect(Object.keys(predicted)).toEqual(['click', 'stars', 'minutes']);
    expect([predicted.click.length, predicted.stars.length, predicted.minutes.length]).toEqual([3, 9, 3]);
    expect(predicted.click.every((p) => p > 0 && p < 1)).toBe(true);
    for (const row of [0, 1, 2]) {
      const [a, b, c] = predicted.stars.subarray(row * 3, row * 3 + 3);
      expect(a! + b! + c!).toBeCloseTo(1, 5);
    }
    model.dispose();
  });

  it('gives the same predictions in any batches, from rows, a batch or a table, and without blocking', async () => {
    const model = denseModel({ a: binary(), b: binary() });
    const rows = vectors(11);
    const whole = model.predict(rows);
    const batch = model.encode(rows);
    const table: Examples = {
      schema: model.schema,
      size: 11,
      batch: (numbers) => model.encode(Array.from(numbers, (i) => rows[i]!)),
    };
    for (const other of [
      model.predict(rows, { batchSize: 4 }),
      model.predict(batch),
      model.predict(batch, { batchSize: 4 }),
      model.predict(table, { batchSize: 3 }),
      await model.predictAsync(rows),
    ]) {
      other.a.forEach((value, i) => expect(value).toBeCloseTo(whole.a[i]!, 6));
    }
    expect(model.predict([]).a).toEqual(new Float32Array(0));
    model.dispose();
  });

  it('is the same model from the same seed, and another from another', () => {
    const scores = (seed: number) => denseModel({ a: binary() }, seed).predict(vectors(4)).a;
    expect(scores(7)).toEqual(scores(7));
    expect(scores(7)).not.toEqual(scores(8));
  });

  it('has predictions of rows with its features only', () => {
    const model = denseModel({ a: binary() });
    // @ts-expect-error no feature is called y
    expect(() => model.predict([{ y: [1, 2, 3, 4, 5] }])).toThrow('feature "x"');
    const ofAny: MultiTaskModel = model;
    expect(() => ofAny.predict([{ y: [1, 2, 3, 4, 5] }])).toThrow('feature "x"');
    model.dispose();
  });

  it('gives each task the same scores in whatever order the tasks are named', () => {
    const forth = denseModel({ a: binary(), b: binary(), c: binary() }).predict(vectors(6));
    const back = denseModel({ c: binary(), b: binary(), a: binary() }).predict(vectors(6));
    for (const task of ['a', 'b', 'c'] as const) {
      back[task].forEach((value, i) => expect(value).toBeCloseTo(forth[task][i]!, 6));
    }
  });

  it("adds the tasks' losses by their weights, and a task of weight 0 trains nothing", () => {
    const tasks = { a: binary({ weight: 2 }), b: binary({ weight: 0 }) };
    const model = multiTaskModel({ schema: denseSchema(5, tasks), network: tinyNetwork({ units: 4 }), seed: 7 });
    const batch = {
      ...model.toTensors(model.encode(vectors(3))),
      tasks: model.taskNames,
      labels: tf.tensor2d([
        [1, 0, 1],
        [1, 0, 1],
      ]),
      weights: tf.ones<tf.Rank.R2>([2, 3]),
    };
    const { total, tasks: each } = lossesOf(model, batch);
    expect(total.dataSync()[0]).toBeCloseTo(2 * each.dataSync()[0]!, 5);
    const heads = model.store.get('heads.kernel').variable;
    const gradient = tf.variableGrads(() => lossesOf(model, batch).total, [heads]).grads[heads.name]!;
    const [a, b] = tf.unstack(tf.sum(tf.abs(gradient), [1, 2]));
    expect(a!.dataSync()[0]).toBeGreaterThan(0);
    expect(b!.dataSync()[0]).toBe(0);
  });

  it('takes another input and no tower', () => {
    const model = tinyModel({ input: numbersAlone(), tower: undefined });
    expect(
      model.store
        .all()
        .map(({ name }) => name)
        .filter((name) => /input|tower/.test(name)),
    ).toEqual([]);
    expect(model.predict(tinyRows).minutes.every(Number.isFinite)).toBe(true);
  });

  it('leaves no tensors behind', () => {
    tinyModel().dispose();
    const before = tf.memory().numTensors;
    const model = tinyModel({ dropout: 0.5 });
    const built = tf.memory().numTensors;
    model.predict(tinyRows);
    tf.tidy(() => void model.forward(model.toTensors(model.encode(tinyRows)), { training: true }));
    expect(tf.memory().numTensors).toBe(built);
    model.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it("frees what it made when it can't be built", () => {
    const before = tf.memory().numTensors;
    expect(() => tinyModel({ tower: { kind: 'expert', name: 'tinny', config: {} } })).toThrow('Did you mean "tiny"?');
    expect(tf.memory().numTensors).toBe(before);
  });

  it.each([
    [{ network: tinyNetwork as never }, 'Expected a network for multiTaskModel.network, received a function. Call it'],
    [{ tower: tinyNetwork({ units: 2 }) as never }, 'Expected an expert for multiTaskModel.tower'],
    [{ seed: 0.5 }, 'a whole number for the seed'],
    [{ schema: { ...tinySchema, tasks: {} } as never }, 'at least one task'],
    [
      withTask({ kind: 'focal' }),
      /a known kind of task, received "focal"\. Known: .*"binary"/, // in the order of imports
    ],
    [
      withTask({ kind: 'binary', loss: 'huber' }),
      'Expected a loss for binary tasks for task "a".loss, received "huber", which is for regression. Known: "binary-cross-entropy"',
    ],
    [
      withTask({ kind: 'regression', loss: 'poisson' }),
      /Expected a loss for regression tasks for task "a"\.loss, received "poisson"(, which is for count)?\. Known: .*"mse", "mae"/,
    ],
    [
      { towr: tinyNetwork({ units: 2 }) } as never,
      'an option of multiTaskModel, received "towr". Did you mean "tower"?',
    ],
  ])('says what is wrong with %o', (options, message) => {
    expect(() => tinyModel(options)).toThrow(message);
  });

  it('reports W of each level as mean and deviation over the rows', () => {
    const model = denseModel({ a: binary(), b: binary() });
    const rows = vectors(10);
    const examples: Examples = {
      schema: model.schema,
      size: 10,
      batch: (numbers) => model.encode(Array.from(numbers, (i) => rows[i]!)),
    };
    const [level] = fusionWeights(model, examples, { batchSize: 4 });
    expect(level!.outputs).toEqual(['a', 'b']);
    expect(level!.experts.map(({ unit, index }) => `${unit}.${index}`)).toEqual(['a.0', 'a.1', 'b.0', 'b.1']);
    for (const row of level!.gated) expect(row.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 5);
    const [kernel, bias] = ['kernel', 'bias'].map((name) => model.store.get(`levels.0.gates.${name}`).variable);
    const x = tf.tensor2d(rows.map((row) => row.x));
    const direct = tf.softmax(
      tf.add(
        tf.matMul(x, tf.squeeze(tf.slice(kernel!, [1, 0, 0], [1, -1, -1]), [0]) as tf.Tensor2D),
        tf.squeeze(tf.slice(bias!, [1, 0, 0], [1, -1, -1]), [0]),
      ),
    );
    const { mean, variance } = tf.moments(direct, 0);
    mean.dataSync().forEach((value, e) => expect(level!.gated[1]![e]).toBeCloseTo(value, 5));
    tf.sqrt(variance)
      .dataSync()
      .forEach((value, e) => expect(level!.gatedDeviation[1]![e]).toBeCloseTo(value, 3));
    expect(level!.constant.flat().every((value) => value === 0)).toBe(true);
  });

  it('refuses the weight of a loss that 32 bits cannot hold', () => {
    const schema = denseSchema(2, { a: binary({ weight: 1e39 }) });
    const message = 'Expected a number of 0 or more for task "a".weight as float32, received Infinity.';
    expect(() => multiTaskModel({ schema, network: tinyNetwork({ units: 2 }), seed: 1 })).toThrow(message);
  });

  it('adds up auxiliary losses by name, times their weights', () => {
    const { call, auxiliary } = callOn({ raw: tf.zeros([1, 1]) }, { training: true }, { load: 0.5 });
    call.addLoss('balance', tf.scalar(1));
    call.addLoss('balance', tf.scalar(2));
    call.addLoss('load', tf.scalar(4));
    call.addLoss('load', tf.scalar(2));
    expect(auxiliary['balance']!.dataSync()[0]).toBe(3);
    expect(auxiliary['load']!.dataSync()[0]).toBe(3);
    expect(() => tinyModel({ auxiliary: { load: -1 } })).toThrow(
      'Expected a number of 0 or more for multiTaskModel.auxiliary.load, received -1.',
    );
  });

  it('sends a gradient to the embeddings of a schema with one multi-valued feature', () => {
    const model = tinyModel();
    const table = model.store.get('input.table').variable;
    const sum = () => tf.sum(model.forward(model.toTensors(model.encode(tinyRows))).logits.click) as tf.Scalar;
    expect(
      tf
        .variableGrads(sum, [table])
        .grads[table.name]!.dataSync()
        .some((value) => value !== 0),
    ).toBe(true);
    model.dispose();
  });

  it('uses the width of its experts, not that of the input', () => {
    const model = tinyModel({ tower: tinyExpert({ units: 9 }) });
    expect(model.store.get('towers.kernel').variable.shape).toEqual([3, 4, 9]);
    expect(model.store.get('heads.3.kernel').variable.shape).toEqual([1, 9, 3]);
  });
});
