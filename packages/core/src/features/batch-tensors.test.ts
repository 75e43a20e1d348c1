import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, test } from 'vitest';
import { binary } from '../tasks/tasks.ts';
import { denseModel } from '../testing/tiny.ts';
import { emptyBatch } from './batch.ts';
import { lossesOf } from '../model/losses.ts';

beforeAll(() => tf.setBackend('cpu'));

test('a label whose weight is 0 is not read, whatever it is', () => {
  const model = denseModel({ a: binary(), b: binary() });
  const loss = (missing: number) =>
    tf.tidy(() => {
      const batch = {
        ...emptyBatch(2, model.layout),
        labels: { a: Float32Array.of(1, missing), b: Float32Array.of(0, 1) },
        weights: { a: Float32Array.of(1, 0), b: Float32Array.of(1, 1) },
      };
      const { tasks } = lossesOf(model, model.toTensors(batch));
      return [tasks.a.dataSync()[0], tasks.b.dataSync()[0]];
    });
  const expected = loss(0);
  expect(expected.every((each) => each! > 0)).toBe(true);
  for (const missing of [1, NaN, Infinity, -7]) expect(loss(missing)).toEqual(expected);
  model.dispose();
});
