import * as tf from '@tensorflow/tfjs';
import { lossesOf, binary, load, multiTaskModel, toBytes, type Schema } from '@polytask/core';
import { mlp } from '@polytask/experts';
import { logitsOf, plain, tinyModel, tinyRows } from '@polytask/testing';
import { describe, expect, it } from 'vitest';
import { logisticRegression, noFusion } from './logistic-regression.ts';

const { affine, heads, tanhLayer } = plain;

const SIZE = 6;
const close = (got: Record<string, number[]>, expected: Record<string, number[]>) => {
  for (const [task, values] of Object.entries(expected))
    values.forEach((value, i) => expect(got[task]![i]).toBeCloseTo(value, 5));
};

describe('noFusion', () => {
  it('is a linear model a task', () => {
    const model = tinyModel(noFusion());
    close(
      logitsOf(model, SIZE),
      heads(
        model,
        [0, 1, 2].map(() => tinyRows(SIZE)),
      ),
    );
    expect(model.parameterCount).toBe(3 * (3 + 1));
    expect(model.network.levels).toEqual([]);
  });

  it('is a tower a task where there are towers', () => {
    const model = tinyModel(noFusion(), { tower: mlp([4], { activation: 'tanh' }) });
    close(
      logitsOf(model, SIZE),
      heads(
        model,
        [0, 1, 2].map((t) => tanhLayer(model, 'towers.0', t, tinyRows(SIZE))),
      ),
    );
  });
});

describe('logisticRegression', () => {
  const schema: Schema<{ click: ReturnType<typeof binary>; like: ReturnType<typeof binary> }> = {
    features: {
      age: { kind: 'numeric', mean: 40, deviation: 10 },
      state: { kind: 'categorical', vocabulary: ['Utah', 'Ohio'] },
    },
    tasks: { click: binary(), like: binary() },
  };

  it('is a linear head on numbers and one-hot columns', () => {
    const model = multiTaskModel({ schema, ...logisticRegression(), seed: 7 });
    const kernel = model.store.get('heads.kernel').variable.arraySync() as number[][][];
    const bias = model.store.get('heads.bias').variable.arraySync() as number[][][];
    // columns: age, then unknown, missing, Utah, Ohio
    const x = [
      [1, 0, 0, 0, 1],
      [-2, 0, 1, 0, 0],
      [0, 1, 0, 0, 0],
    ];
    const { click, like } = model.predict([
      { age: 50, state: 'Ohio' },
      { age: 20, state: null },
      { age: 40, state: 'Mars' },
    ]);
    [click, like].forEach((scores, t) =>
      affine(x, kernel[t]!, bias[t]![0]!)
        .flat()
        .forEach((z, i) => expect(scores[i]).toBeCloseTo(1 / (1 + Math.exp(-z)), 5)),
    );
  });

  it('trains to what its data allow, and is saved and loaded', { tags: ['long'] }, async () => {
    const model = multiTaskModel({ schema, ...logisticRegression(), seed: 7 });
    const rows = ['Utah', 'Utah', 'Utah', 'Utah', 'Ohio', 'Ohio'].map((state) => ({ age: 40, state }));
    const features = model.toTensors(model.encode(rows));
    const labels = tf.tensor2d([
      [1, 0, 0, 0, 1, 0],
      [1, 1, 1, 0, 0, 1],
    ]);
    const batch = { ...features, labels, weights: tf.ones<tf.Rank.R2>([2, 6]) };
    const optimizer = tf.train.adam(0.1);
    for (let step = 0; step < 300; step++) optimizer.minimize(() => lossesOf(model, batch).total);
    // the maximum of the likelihood is each state's own rate
    const { click, like } = model.predict([
      { age: 40, state: 'Utah' },
      { age: 40, state: 'Ohio' },
    ]);
    [0.25, 0.5].forEach((rate, i) => expect(click[i]).toBeCloseTo(rate, 2));
    [0.75, 0.5].forEach((rate, i) => expect(like[i]).toBeCloseTo(rate, 2));
    const loaded = await load(await toBytes(model));
    expect(loaded.predict(rows)['click']).toEqual(model.predict(rows).click);
  });
});
