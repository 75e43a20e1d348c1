import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, test } from 'vitest';
import { evaluate } from '../evaluation/evaluate.ts';
import { adam } from '../optimizers/adam.ts';
import { sgd } from '../optimizers/sgd.ts';
import type { OptimizerSpec } from '../optimizers/optimizer.ts';
import { earlyStopping } from '../stopping/early-stopping.ts';
import { idModel, idRows } from '../testing/id-rows.ts';
import { tinyExamples, tinyModel, tinyTasks, weightsOf } from '../testing/tiny.ts';
import { fit } from './fit.ts';
import type { FitOptions } from './options.ts';

beforeAll(() => tf.setBackend('cpu'));

const EMA = 0.8;
const train = tinyExamples(tinyTasks, 120, 1);
const validation = tinyExamples(tinyTasks, 100, 2);
const steps = { engine: 'eager', epochs: 3, batchSize: 40, validation } as const; // 3 steps an epoch

/** The weights of a run: after each step, of the trained model, and the averages by the formula. */
async function weightsBy(optimizer: OptimizerSpec, options: FitOptions<typeof tinyTasks> = {}) {
  const model = tinyModel({ norm: true });
  const after: Record<string, number[]>[] = [];
  const onStep = () => void after.push(weightsOf(model));
  const result = await fit(model, train, { ...steps, optimizer, callbacks: { onStep }, ...options });
  const scores = await evaluate(model, validation, { engine: 'eager' });
  const weights = weightsOf(model);
  const trainable = new Set(model.store.trainable().map(({ name }) => name));
  model.dispose();
  return { after, result, scores, weights, trainable };
}

/** Σ (1 − ema) emaᵗ⁻ⁱ wᵢ / (1 − emaᵗ) */
const average = (after: readonly Record<string, number[]>[], name: string, i: number): number =>
  after.reduce((sum, weights, t) => sum + (1 - EMA) * EMA ** (after.length - 1 - t) * weights[name]![i]!, 0) /
  (1 - EMA ** after.length);

test('a model has the average of its weights after each step, and steps are the same as without', async () => {
  const plain = await weightsBy(adam(0.05));
  const own = await weightsBy(adam(0.05, { ema: EMA }));
  expect(own.after).toEqual(plain.after);
  for (const [name, values] of Object.entries(own.weights)) {
    if (!own.trainable.has(name))
      expect(values, name).toEqual(plain.weights[name]); // running statistics
    else values.forEach((value, i) => expect(value, name).toBeCloseTo(average(plain.after, name, i), 6));
  }
  expect(own.weights).not.toEqual(plain.weights);
  expect(own.result.history.at(-1)!.validation).toEqual(own.scores);
});

test('early stopping returns to the average of the best epoch', async () => {
  const stopping = earlyStopping({ metric: 'loss', patience: 9 });
  const given = { optimizer: sgd(2, { ema: EMA }), stopping, epochs: 12, callbacks: {} };
  const { result, scores } = await weightsBy(given.optimizer, given);
  const best = result.best!.epoch;
  expect(best).toBeLessThan(result.epochs);
  expect(result.history[best - 1]!.validation).toEqual(scores);
});

test('engines agree', async () => {
  const optimizer = sgd(0.1, { ema: EMA, momentum: 0.9 });
  const [eager, compiled] = [await weightsBy(optimizer), await weightsBy(optimizer, { engine: 'compiled' })];
  expect(compiled.result.engine).toContain('compiled');
  for (const [name, values] of Object.entries(eager.weights))
    values.forEach((value, i) => expect(compiled.weights[name]![i], name).toBeCloseTo(value, 5));
});

test('a table with sparse updates is as it is without an average', async () => {
  const tableAfter = async (optimizer: OptimizerSpec) => {
    const model = idModel('sparse');
    await fit(model, idRows(60), { engine: 'eager', epochs: 2, batchSize: 20, optimizer });
    const values = [...model.store.tables()[0]!.values];
    model.dispose();
    return values;
  };
  expect(await tableAfter(adam(0.05, { ema: EMA }))).toEqual(await tableAfter(adam(0.05)));
});

test('a decay of 1 or more is refused', () => {
  expect(() => adam(1e-3, { ema: 1 })).toThrow('ema');
});
