import { binary, multiTaskModel } from '@polytask/core';
import {
  categorical,
  encode,
  fitSchema,
  fromRows,
  hashed,
  numeric,
  idSequence,
  shared,
  sideColumn,
} from '@polytask/data';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import { compiledEngine } from './compiled/compiled-engine.ts';
import { eagerEngine } from './eager-engine.ts';
import type { Engine } from '../engine.ts';
import { defineOptimizer } from '../optimizers/optimizer.ts';
import { tinyNetwork, weightsOf } from '../testing/tiny.ts';

beforeAll(() => tf.setBackend('cpu'));

/** An "optimizer" that replaces each parameter by its gradient. */
const gradientItself = defineOptimizer('test.gradient', {
  slots: () => ({}),
  coefficients: () => ({}),
  update: ({ gradient }, _, { add }) => ({ parameter: add(gradient, 0), slots: {} }),
})(1, {});

const features = {
  item: categorical(),
  history: idSequence({ target: 'item', maxLength: 4 }),
  days: sideColumn({ of: 'history', values: numeric({ log: true }) }),
  shops: sideColumn({ of: 'history', values: hashed({ buckets: 7 }) }),
  last: idSequence({ values: shared({ with: 'item' }), from: 'history', pooling: 'last' }),
  mean: idSequence({ from: 'history', maxLength: 3 }),
};

const rows = Array.from({ length: 24 }, (_, r) => {
  const length = r % 6; // some empty, some longer than maxLength
  const entries = Array.from({ length }, (_, j) => (3 * r + 7 * j) % 11);
  return {
    item: `i${(5 * r) % 11}`,
    history: entries.map((id) => (id === 10 ? null : `i${id}`)),
    days: entries.map((_, j) => (j === 2 ? null : (length - j) * r)),
    shops: entries.map((id) => `s${id % 3}`),
    click: r % 2,
    like: Number(r % 3 === 0),
  };
});

it('has the same gradients on both engines, and a gradient for every parameter', async () => {
  const table = fromRows(rows, { features, tasks: { click: binary(), like: binary() } });
  const schema = fitSchema(table);
  const batch = encode(table, schema).arrays;
  const gradients = async (engine: Engine) => {
    const model = multiTaskModel({ schema, network: tinyNetwork({ units: 4 }), seed: 7 });
    const step = await engine.train(model, { optimizer: gradientItself, clip: {} });
    await step.run(batch, 0.1);
    await step.close();
    const weights = weightsOf(model);
    model.dispose();
    return weights;
  };
  const [eager, compiled] = [await gradients(eagerEngine), await gradients(compiledEngine())];
  for (const [name, expected] of Object.entries(eager)) {
    const largest = Math.max(...expected.map(Math.abs));
    expect(largest, name).toBeGreaterThan(0);
    expected.forEach((value, i) => expect(Math.abs(compiled[name]![i]! - value)).toBeLessThan(1e-5 * largest));
  }
  expect(Object.keys(eager).filter((name) => name.includes('attention'))).toHaveLength(6);
});
