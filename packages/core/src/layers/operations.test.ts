import * as tf from '@tensorflow/tfjs';
import { expect, it, test, afterAll, beforeAll, describe } from 'vitest';
import '@tensorflow/tfjs-backend-wasm';
import { takeMembers, timesInARow, lookup } from './operations.ts';

const stacked = tf.tensor3d([1, 2, 3, 4, 5, 6], [3, 1, 2]);

test('a member that is taken twice gets both gradients, one that is not taken none', () => {
  const scale = tf.tensor3d([1, 2, 10, 20, 100, 200], [3, 1, 2]);
  const gradient = tf.grad((x) => tf.sum(tf.mul(takeMembers(x as tf.Tensor3D, [2, 0, 2]), scale)))(stacked);
  expect(gradient.arraySync()).toEqual([[[10, 20]], [[0, 0]], [[101, 202]]]);
});

it.each<[number[], number | undefined]>([
  [[0, 0, 1, 1, 2, 2], 2],
  [[0, 0, 0, 1, 1, 1, 2, 2, 2], 3],
  [[0, 1, 2, 0, 1, 2], undefined],
  [[0, 0, 1, 1, 1, 2], undefined],
  [[0, 0, 1, 1], undefined],
  [[0, 1, 2], 1],
])('of the places %j each of three slices stands %s times in a row', (places, times) => {
  expect(timesInARow(places, 3)).toBe(times);
});

describe.each(['cpu', 'wasm'])('lookup on %s', (backend) => {
  beforeAll(async () => void (await tf.setBackend(backend)));
  afterAll(async () => void (await tf.setBackend('cpu')));

  it('gives the rows of the table', () => {
    const table = tf.tensor2d([
      [0, 1],
      [2, 3],
      [4, 5],
    ]);
    const rows = lookup(
      table,
      tf.tensor2d(
        [
          [2, 0],
          [1, 2],
        ],
        [2, 2],
        'int32',
      ),
    );
    expect(rows.arraySync()).toEqual([
      [
        [4, 5],
        [0, 1],
      ],
      [
        [2, 3],
        [4, 5],
      ],
    ]);
  });

  it('adds the gradients of a row that was read several times, and leaves others at zero', () => {
    const ids = tf.tensor2d(
      [
        [2, 0],
        [2, 2],
      ],
      [2, 2],
      'int32',
    );
    const dy = tf.tensor3d([
      [
        [1, 10],
        [2, 20],
      ],
      [
        [3, 30],
        [4, 40],
      ],
    ]);
    const gradient = tf.grad((table) => tf.mul(lookup(table, ids), dy))(tf.zeros([4, 2]));
    expect(gradient.arraySync()).toEqual([
      [2, 20],
      [0, 0],
      [8, 80],
      [0, 0],
    ]);
  });
});
