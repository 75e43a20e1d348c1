import * as tf from '@tensorflow/tfjs';
import { expect, test } from 'vitest';
import { StackedLanes, takeLanes } from './lanes.ts';

const stacked = tf.tensor3d([1, 2, 3, 4, 5, 6], [3, 1, 2]);

test('a stack of lanes reads as a map of them', () => {
  const lanes = new StackedLanes(['a', 'b', 'c'], stacked);
  expect([lanes.has('b'), lanes.has('d'), lanes.get('d')]).toEqual([true, false, undefined]);
  expect(lanes.get('b')!.arraySync()).toEqual([[3, 4]]);
  expect([...lanes.keys()]).toEqual(['a', 'b', 'c']);
  expect([...lanes].map(([name, vector]) => [name, ...vector.dataSync()])).toEqual([
    ['a', 1, 2],
    ['b', 3, 4],
    ['c', 5, 6],
  ]);
  expect([...lanes.values()].length).toBe(3);
});

test('lanes are taken in any order, and more than once', () => {
  const lanes = new StackedLanes(['a', 'b', 'c'], stacked);
  expect(takeLanes(lanes, ['a', 'b', 'c'])).toBe(stacked);
  expect(takeLanes(lanes, ['c', 'a', 'a']).arraySync()).toEqual([[[5, 6]], [[1, 2]], [[1, 2]]]);
});

test('lanes that are all one vector are that vector', () => {
  const x = tf.tensor2d([[1, 2]]);
  const y = tf.tensor2d([[3, 4]]);
  expect(
    takeLanes(
      new Map([
        ['a', x],
        ['b', x],
      ]),
      ['a', 'b', 'a'],
    ),
  ).toBe(x);
  expect(
    takeLanes(
      new Map([
        ['a', x],
        ['b', y],
      ]),
      ['a', 'b'],
    ).arraySync(),
  ).toEqual([[[1, 2]], [[3, 4]]]);
});
