import { mmoe, sharedBottom } from '@polytask/baselines';
import {
  binary,
  denseSchema,
  emptyBatch,
  labelsOf,
  layoutOf,
  multiTaskModel,
  randomStream,
  regression,
  type Examples,
  type NetworkSpec,
  type Tasks,
} from '@polytask/core';
import { mlp, sequential } from '@polytask/experts';
import { featureGate } from '@polytask/gating';
import { exportOnnx } from '@polytask/serving';
import { adam, atPreference, drawPreferences, evaluate, fit } from '@polytask/training';
import * as tf from '@tensorflow/tfjs';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { beforeAll, expect, test } from 'vitest';

beforeAll(() => tf.setBackend('cpu'));

/** Trains on drawn preferences. */
async function trainedAt(network: NetworkSpec, train: Examples, validation: Examples, rate: number) {
  const rows = drawPreferences(train, { seed: 1 });
  const model = multiTaskModel({ schema: rows.schema, network, seed: 1 });
  await fit(model, rows, {
    ...{ optimizer: adam(rate), epochs: 15, batchSize: 64, seed: 1, progress: false },
    validation: atPreference(validation),
  });
  return model;
}

const standard = { ...regression(), fitted: { mean: 0, deviation: 1 } };
const schema = denseSchema<Tasks>(2, { a: standard, b: standard });

/** Two labels with the correlation ½, which one number can't both hold. */
function rowsOf(size: number, seed: number): Examples {
  const numbers = randomStream(seed, 'numbers').normal(2 * size);
  return {
    ...{ schema, size },
    batch(rows) {
      const batch = emptyBatch(rows.length, layoutOf(schema), ['a', 'b']);
      for (let i = 0; i < rows.length; i++) {
        const [u, v] = numbers.subarray(2 * rows[i]!, 2 * rows[i]! + 2) as unknown as [number, number];
        batch.numeric.set([u, v], 2 * i);
        labelsOf(batch, 'a').labels[i] = u;
        labelsOf(batch, 'b').labels[i] = 0.5 * u + Math.sqrt(0.75) * v;
      }
      batch.weights.fill(1);
      return batch;
    },
  };
}

/**
 * The least p e_a + (1 − p) e_b of a model with one shared number: 1 less the largest eigenvalue of p a aᵀ + (1 − p) b bᵀ, where a and b
 * are the directions of the labels.
 */
function least(p: number): number {
  const [a, b, off] = [p + (1 - p) / 4, 0.75 * (1 - p), (1 - p) * 0.5 * Math.sqrt(0.75)];
  return 1 - (a + b) / 2 - Math.hypot((a - b) / 2, off);
}

test('the preference moves both errors, near the front of models for one preference; as ONNX it is an input', async () => {
  const [train, test] = [rowsOf(2000, 1), rowsOf(2000, 2)];
  const narrow = { experts: mlp([1], { activation: 'linear' }) };
  const model = await trainedAt(sharedBottom({ levels: [{ experts: mlp([32]) }, narrow] }), train, test, 5e-3);
  const measured: (readonly [number, number])[] = [];
  for (const p of [0.1, 0.3, 0.5, 0.7, 0.9]) {
    const { a, b } = await evaluate(model, atPreference(test, [p, 1 - p]));
    const [errorA, errorB] = [a!.normalizedLoss! ** 2, b!.normalizedLoss! ** 2]; // the labels have the deviation 1
    measured.push([errorA, errorB]);
    expect(p * errorA + (1 - p) * errorB - least(p)).toBeLessThan(0.05);
  }
  measured.slice(1).forEach(([a, b], i) => {
    expect(a).toBeLessThan(measured[i]![0] - 0.03);
    expect(b).toBeGreaterThan(measured[i]![1] + 0.03);
  });

  const session = await InferenceSession.create(await exportOnnx(model));
  const [x, preference] = [
    [0.7, -1.2],
    [0.8, 0.2],
  ];
  const feature = Object.keys(schema.features)[0]!;
  expect(session.inputNames).toEqual([feature, 'preference']);
  const { a, b } = await session.run({
    [feature]: new Tensor('float32', x, [1, 2]),
    preference: new Tensor('float32', preference, [1, 2]),
  });
  const ours = model.predict([{ [feature]: x, preference }]);
  expect((a!.data as Float32Array)[0]).toBeCloseTo(ours['a']![0] as number, 5);
  expect((b!.data as Float32Array)[0]).toBeCloseTo(ours['b']![0] as number, 5);
});

test('as the weights of experts with one number, the preference decides which of two unrelated tasks is predicted', async () => {
  const features = denseSchema<Tasks>(2, { a: binary(), b: binary() });
  const signs = ({ size, batch }: Examples): Examples => ({
    ...{ schema: features, size },
    batch: (rows) => {
      const read = batch(rows);
      const [u, v] = [0, 1].map((k) =>
        Array.from({ length: rows.length }, (_, i) => Number(read.numeric[2 * i + k]! > 0)),
      );
      return { ...read, labels: Float32Array.from([...u!, ...v!]) };
    },
  });
  const [train, test] = [signs(rowsOf(2000, 3)), signs(rowsOf(2000, 4))];
  const gate = featureGate({ feature: 'preference' });
  const model = await trainedAt(
    mmoe({ levels: [{ experts: sequential(mlp([8]), mlp([1], { activation: 'linear' })), pool: 2, gate }] }),
    train,
    test,
    5e-3,
  );
  for (const [task, other, preference] of [
    ['a', 'b', [1, 0]],
    ['b', 'a', [0, 1]],
  ] as const) {
    const scores = await evaluate(model, atPreference(test, preference));
    expect(scores[task]!.auc).toBeGreaterThan(0.95);
    expect(scores[other]!.auc).toBeLessThan(0.75);
  }
});
