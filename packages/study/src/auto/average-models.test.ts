import { logisticRegression } from '@polytask/baselines';
import { binary, denseSchema, emptyBatch, labelsOf, layoutOf, multiTaskModel } from '@polytask/core';
import { encodedTable } from '@polytask/data';
import { counterRandom } from '@polytask/metrics';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, test } from 'vitest';
import { trialOf } from '../testing/trial-of.ts';
import type { TrainedSpec } from '../trials/train-and-test.ts';
import { averageModels, scoreModel } from './average-models.ts';

beforeAll(async () => void (await tf.setBackend('cpu')));

const SIZE = 200;
const schema = denseSchema(2, { click: binary() });

/** Rows whose label is the sum of two numbers above 1. */
function rows() {
  const batch = emptyBatch(SIZE, layoutOf(schema), ['click']);
  const random = counterRandom(3);
  for (let i = 0; i < SIZE; i++) {
    const values = [random(), random()];
    batch.numeric.set(values, 2 * i);
    labelsOf(batch, 'click').labels[i] = Number(values[0]! + values[1]! > 1);
  }
  labelsOf(batch, 'click').weights.fill(1);
  return encodedTable(schema, batch);
}

/** A logistic regression that reads one of the numbers. */
function reading(column: number): TrainedSpec {
  const model = multiTaskModel({ schema, ...logisticRegression(), seed: 1 });
  for (const { name, variable } of model.store.all()) {
    const values = new Float32Array(variable.size);
    if (name === 'heads.kernel') values[column] = 5;
    variable.assign(tf.tensor(values, variable.shape));
  }
  const spec = { ...trialOf({ model: `reads ${column}` }), mode: 'eager' } as unknown as TrainedSpec['spec'];
  return { spec, model, fitted: { history: [], epochs: 0, warnings: [] }, seconds: 1 };
}

test.each([
  { what: 'two models that know half each', columns: [0, 1], isChosen: true },
  { what: 'a model and its twin', columns: [0, 0], isChosen: false },
])('the average of $what is chosen: $isChosen', async ({ columns, isChosen }) => {
  const visible = { train: rows(), validation: rows() };
  const scored = await Promise.all(columns.map((column) => scoreModel(reading(column), visible)));
  const before = tf.memory().numTensors;
  const { average, chosen } = (await averageModels(scored as [(typeof scored)[0]], visible))!;
  expect(average).toMatchObject({ isChosen, single: scored[0]!.score });
  expect(average.members.map(({ model }) => model)).toEqual(columns.map((column) => `reads ${column}`));
  expect(average.score - average.single > average.standardError).toBe(isChosen);
  expect(chosen?.score).toBe(isChosen ? average.score : undefined);
  if (!isChosen) expect(tf.memory().numTensors).toBe(before);
  chosen?.model.dispose();
});
