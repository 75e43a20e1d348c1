import * as tf from '@tensorflow/tfjs';
import { expect, it, vi } from 'vitest';
import { denseSchema } from '../features/schema.ts';
import { defineGate, sumGate } from '../fusion/gate.ts';
import { defineNetwork, fusion } from '../fusion/network.ts';
import { ownUnits } from '../fusion/units.ts';
import { binary } from '../tasks/binary.ts';
import { tinyExpert } from '../testing/tiny.ts';
import { fusionWeights, fusionWeightsAsync, WeightTotals } from './fusion-weights.ts';
import { multiTaskModel } from './model.ts';

const tenth = defineGate('weights-test-tenth', ({ mask }) => ({ reads: 'nothing', apply: () => tf.mul(mask, 0.1) }));
/** The weights are the two numbers of the row; the second unit takes twice as much. */
const row = defineGate('weights-test-row', () => ({ reads: 'raw', apply: (x) => tf.stack([x, tf.mul(x, 2)]) }));

const network = defineNetwork('weights-test', (_, tasks) => {
  const level = { units: ownUnits(tasks), experts: tinyExpert({ units: 3 }), outputs: tasks };
  return fusion([
    { ...level, gate: sumGate(row(), tenth()) },
    { ...level, gate: tenth() },
  ]);
});

it('tells the whole W of each batch, row by row, and a constant one once', () => {
  const model = multiTaskModel({ schema: denseSchema(2, { a: binary(), b: binary() }), network: network({}), seed: 1 });
  const rows = [
    [1, 2],
    [3, 4],
    [5, 6],
  ].map((x) => ({ x }));
  const examples = {
    schema: model.schema,
    size: 3,
    batch: (at: ArrayLike<number>) => model.encode(Array.from(at, (i) => rows[i]!)),
  };
  const onWeights = vi.fn<(weights: Float32Array, level: number) => void>();
  const tensors = tf.memory().numTensors;
  const reports = fusionWeights(model, examples, { batchSize: 2, onWeights });
  expect(tf.memory().numTensors).toBe(tensors);
  const told = onWeights.mock.calls.map(([weights, level]) => [
    level,
    ...Array.from(weights, (value) => Number(value.toFixed(4))),
  ]);
  expect(told).toEqual([
    [0, 1.1, 2.1, 2.1, 4.1, 3.1, 4.1, 6.1, 8.1],
    [1, 0.1, 0.1, 0.1, 0.1],
    [0, 5.1, 6.1, 10.1, 12.1],
  ]);
  expect(reports[0]!.gated).toEqual([
    [3, 4],
    [6, 8],
  ]);
  expect(reports).toEqual(fusionWeights(model, examples));
});

it('is the same without blocking', async () => {
  const model = multiTaskModel({ schema: denseSchema(2, { a: binary(), b: binary() }), network: network({}), seed: 1 });
  const rows = [
    [1, 2],
    [3, 4],
    [5, 6],
  ].map((x) => ({ x }));
  const examples = {
    schema: model.schema,
    size: 3,
    batch: (at: ArrayLike<number>) => model.encode(Array.from(at, (i) => rows[i]!)),
  };
  const tensors = tf.memory().numTensors;
  expect(await fusionWeightsAsync(model, examples, { batchSize: 2 })).toEqual(fusionWeights(model, examples));
  expect(tf.memory().numTensors).toBe(tensors);
});

it('adds numbers up, by hand', () => {
  const totals = new WeightTotals({
    outputs: ['a', 'b'],
    experts: ['a', 'b'].map((unit) => ({ unit, index: 0, kind: 'own' as const })),
  });
  const constant = Float32Array.of(0, 0, 0, 10);
  expect([...totals.add({ gated: Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8), constant }, 2)!]).toEqual([
    1, 2, 5, 16, 3, 4, 7, 18,
  ]);
  totals.add({ gated: Float32Array.of(5, 6, 9, 10), constant }, 1);
  expect(totals.report()).toMatchObject({
    gated: [
      [3, 4],
      [7, 8],
    ],
    constant: [
      [0, 0],
      [0, 10],
    ],
  });
  for (const deviation of totals.report().gatedDeviation.flat()) expect(deviation).toBeCloseTo(Math.sqrt(8 / 3), 12);
});
