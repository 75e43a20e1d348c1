import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import { batchInputs, batchTensors } from './inputs.ts';
import { tinyBatch, tinyModel } from './testing/tiny.ts';

beforeAll(() => tf.setBackend('cpu'));

it('has an input for each part with columns, and the labels and weights of all tasks', () => {
  const model = tinyModel();
  const seen = (labeled?: boolean) =>
    batchInputs(model, 5, labeled).map(({ name, dtype, shape }) => [name, dtype, shape]);
  const features = [
    ['numeric', 'float32', [5, 2]],
    ['ids', 'int32', [5, 1]],
  ];
  expect(seen(false)).toEqual(features);
  expect(seen()).toEqual([...features, ['labels', 'float32', [2, 5]], ['weights', 'float32', [2, 5]]]);
  model.dispose();
});

it('reads features in place, and labels task by task, with 0 where one is missing', () => {
  const model = tinyModel();
  const batch = tinyBatch(model, 4);
  const [numeric, , labels, weights] = batchInputs(model, 4).map(({ read }) => read(batch).data);
  expect(numeric).toBe(batch.numeric);
  expect([...labels!]).toEqual([0, 1, 0, 0, 0, 0.25, 0.5, 0.75]);
  expect([...weights!]).toEqual([0, 1, 1, 0, 0.5, 0.5, 0.5, 0.5]);
  model.dispose();
});

it('gives the model the tensors that it would make of the batch itself', () => {
  const model = tinyModel();
  const batch = tinyBatch(model, 4);
  tf.tidy(() => {
    const inputs = batchInputs(model, 4).map(({ name, dtype, shape, read }) => [
      name,
      tf.tensor(read(batch).data as Float32Array, [...shape], dtype),
    ]);
    const received = batchTensors(Object.fromEntries(inputs) as Record<string, tf.Tensor>, 4);
    const all = (tensors: typeof received) =>
      Object.entries(tensors).map(([name, tensor]: [string, tf.Tensor]) => [
        name,
        tensor.shape,
        tensor.dtype,
        [...tensor.dataSync()],
      ]);
    const { tasks, ...expected } = model.toTensors(batch);
    expect(tasks).toEqual(model.taskNames);
    expect(all(received)).toEqual(all(expected));
  });
  model.dispose();
});
