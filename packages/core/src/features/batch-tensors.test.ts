import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, test } from 'vitest';
import { lossesOf } from '../model/losses.ts';
import { ParameterStore } from '../parameters/parameter-store.ts';
import { createScope } from '../parameters/scope.ts';
import { binary } from '../tasks/binary.ts';
import { denseModel } from '../testing/tiny.ts';
import { emptyBatch } from './batch.ts';
import { gatheredRows, toTensors } from './batch-tensors.ts';
import { layoutOf } from './layout.ts';

beforeAll(() => tf.setBackend('cpu'));

test('a label whose weight is 0 is not read, whatever it is', () => {
  const model = denseModel({ a: binary(), b: binary() });
  const loss = (missing: number) =>
    tf.tidy(() => {
      const batch = {
        ...emptyBatch(2, model.layout, ['a', 'b']),
        labels: Float32Array.of(1, missing, 0, 1),
        weights: Float32Array.of(1, 0, 1, 1),
      };
      return [...lossesOf(model, model.toTensors(batch)).tasks.dataSync()];
    });
  const expected = loss(0);
  expect(expected.every((each) => each > 0)).toBe(true);
  for (const missing of [1, NaN, Infinity, -7]) expect(loss(missing)).toEqual(expected);
  model.dispose();
});

test('ids stay ids beside a table with sparse updates, and positions are of its gathered rows', () => {
  const store = new ParameterStore(7);
  const layout = layoutOf({ features: { user: { kind: 'hashed', buckets: 9 }, item: { kind: 'hashed', buckets: 7 } } });
  const table = createScope(store, 'input').table('table', [layout.vocabulary, 1], (shape) =>
    Float32Array.from({ length: shape[0]! }, (_, row) => 10 * row),
  );
  const batch = { ...emptyBatch(3, layout), ids: Int32Array.of(8, 15, 3, 15, 8, 19) };
  tf.tidy(() => {
    const features = toTensors(batch, layout, [table]);
    const { rows, positions } = gatheredRows(table, features);
    expect(features.ids.arraySync()).toEqual([[8, 15], [3, 15], [8, 19]]); // prettier-ignore
    expect(positions.ids.arraySync()).toEqual([[0, 1], [2, 1], [0, 3]]); // prettier-ignore
    expect([...rows.dataSync()]).toEqual([80, 150, 30, 190]);
  });
  tf.tidy(() => {
    const features = toTensors(batch, layout);
    expect(() => gatheredRows(table, features)).toThrow(
      'Expected the rows of the table "input.table" among the features, received none.',
    );
  });
  store.dispose();
});
