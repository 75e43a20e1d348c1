import {
  binary,
  emptyBatch,
  type Labels,
  multiTaskModel,
  type MultiTaskModel,
  type Row,
  type Schema,
} from '@polytask/core';
import { logisticRegression } from '@polytask/baselines';
import { encodedTable } from '@polytask/data';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, test } from 'vitest';
import { explanationDocument } from '../report/explanation-document.ts';
import { renderText } from '../report/terminal.ts';
import { explainModel, valueEffects } from './explain-model.ts';

beforeAll(async () => void (await tf.setBackend('cpu')));

const schema = {
  features: {
    gain: { kind: 'numeric', mean: 0, deviation: 10, repeated: [7, 0] },
    age: { kind: 'numeric', mean: 0, deviation: 1 },
  },
  tasks: { rich: binary() },
} as const satisfies Schema;

/** A logistic regression on [gain, age, other gains, no gain, gain of 7, gain of 0]. */
function modelWith(kernel: readonly number[]) {
  const model = multiTaskModel({ schema, ...logisticRegression(), seed: 1 });
  for (const { name, variable } of model.store.all()) {
    variable.assign(tf.tensor(name === 'heads.kernel' ? [...kernel] : [0], variable.shape));
  }
  return model;
}

const examplesOf = (model: MultiTaskModel<typeof schema.tasks>, rows: readonly Row[]) =>
  encodedTable(schema, { ...model.encode(rows), ...labelsOnly(emptyBatch(rows.length, model.layout, ['rich'])) });
const labelsOnly = ({ tasks, labels, weights }: Labels) => ({ tasks, labels, weights });

const sigmoid = (z: number) => 1 / (1 + Math.exp(-z));

test('the effect of a value is the mean prediction with its vector and without, ascending by value', async () => {
  const model = modelWith([2, 1, 0.5, 9, -3, 4]);
  const rows = [
    { gain: 7, age: 0.2 },
    { gain: 3, age: -0.4 },
  ];
  const examples = examplesOf(model, rows);
  const mean = (z: number) => (sigmoid(z + 0.2) + sigmoid(z - 0.4)) / 2;
  const [{ effects, ...of }] = (await valueEffects(model, examples)) as [Awaited<ReturnType<typeof valueEffects>>[0]];
  expect(of).toEqual({ feature: 'gain', task: 'rich' });
  expect(effects.map(({ value }) => value)).toEqual([0, 7]);
  for (const [i, vector] of [4, -3].entries()) {
    const { value, prediction, nearby } = effects[i]!;
    expect(prediction).toBeCloseTo(mean((2 * value) / 10 + vector), 6);
    expect(nearby).toBeCloseTo(mean((2 * value) / 10 + 0.5), 6);
  }

  const explanation = await explainModel(model, examples, { importance: false });
  const text = renderText(explanationDocument('people', explanation));
  expect(text).toMatch(new RegExp(`^gain +0 +rich +${mean(4).toPrecision(3)} +${mean(0.5).toPrecision(3)}`, 'm'));
  model.dispose();
});

test('a model that reads no values has no effects', async () => {
  const model = modelWith([2, 1, 0, 0, 0, 0]);
  expect(await valueEffects(model, examplesOf(model, [{ gain: 7, age: 0 }]))).toEqual([]);
  model.dispose();
});
