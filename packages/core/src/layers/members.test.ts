import * as tf from '@tensorflow/tfjs';
import { expect, it, test } from 'vitest';
import { takeMembers, timesInARow } from './members.ts';

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
