import { binary, multiTaskModel, type Schema } from '@polytask/core';
import * as tf from '@tensorflow/tfjs';
import { expect, it } from 'vitest';
import { noFusion, oneHot } from './logistic-regression.ts';

const tasks = { click: binary() };
const modelOf = (features: Schema['features']) =>
  multiTaskModel({ schema: { features, tasks }, input: oneHot(), network: noFusion(), seed: 7 });

/** The network's input for each row, and its width. */
function columnsOf(features: Schema['features'], rows: readonly Record<string, unknown>[]): number[][] {
  const model = modelOf(features);
  const columns = tf.tidy(() => model.input(model.toTensors(model.encode(rows))).raw.arraySync());
  model.dispose();
  return columns;
}

const films: Schema['features'] = {
  age: { kind: 'numeric', mean: 40, deviation: 10 },
  state: { kind: 'categorical', vocabulary: ['CA', 'NY'] },
  genres: {
    kind: 'multi-valued',
    values: { kind: 'categorical', vocabulary: ['comedy', 'drama', 'war'] },
    pooling: 'mean',
    maxLength: 3,
    separator: '|',
  },
};

it('has a 1 in the column of each category, and the weights of the values of a multi-valued feature', () => {
  const rows = [
    { age: 30, state: 'NY', genres: 'comedy|war' },
    { age: null, state: 'TX', genres: null },
    { age: 50, state: null, genres: 'drama' },
  ];
  expect(columnsOf(films, rows)).toEqual([
    [-1, ...[0, 0, 0, 1], ...[0, 0, 0.5, 0, 0.5]],
    [0, ...[1, 0, 0, 0], ...[0, 0, 0, 0, 0]],
    [1, ...[0, 1, 0, 0], ...[0, 0, 0, 1, 0]],
  ]);
});

it('counts the entries of a sequence, and pools the numbers of its side column', () => {
  const features: Schema['features'] = {
    days: { kind: 'side-column', of: 'history', values: { kind: 'numeric', mean: 2, deviation: 2 }, separator: '|' },
    history: {
      kind: 'id-sequence',
      values: { kind: 'shared', with: 'item' },
      separator: '|',
      maxLength: 3,
      pooling: 'mean',
    },
    item: { kind: 'categorical', vocabulary: ['a', 'b', 'c', 'd'] },
  };
  const [row] = columnsOf(features, [{ item: 'b', history: 'a|b|c|d', days: '9|6|4|0' }]);
  const third = Math.fround(1 / 3);
  expect(row!.slice(0, 6)).toEqual([0, 0, 0, Math.fround(1 + third), third, third]);
  expect(row!.at(-1)).toBeCloseTo((2 + 1 - 1) / 3, 6);
  expect(row).toHaveLength(7);
});

it('refuses a vocabulary that would take all memory, quotients, and options', () => {
  expect(() => modelOf({ id: { kind: 'hashed', buckets: 1_000_000 } })).toThrow(
    'at most 20000 categories for one-hot columns',
  );
  expect(() => modelOf({ film: { kind: 'hashed', buckets: 10, quotients: 2 } })).toThrow(
    'received a feature with quotients. Use embed()',
  );
  expect(() => oneHot({ dimension: 4 } as never)).toThrow('dimension');
});
