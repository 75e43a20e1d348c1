import * as tf from '@tensorflow/tfjs';
import { expect, it, test } from 'vitest';
import { repeatedIn, takeMembers } from './take-members.ts';

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
  [[0, 1, 2], undefined],
])('of the places %j each slice stands %s times in a row', (places, times) => {
  const found = repeatedIn(takeMembers(stacked, places));
  expect(found?.times).toBe(times);
  if (times) expect(found!.of).toBe(stacked);
});

test('what was disposed of is not read again', () => {
  const x = stacked.clone();
  const taken = takeMembers(x, [0, 0, 1, 1, 2, 2]);
  x.dispose();
  expect(repeatedIn(taken)).toBeUndefined();
});
