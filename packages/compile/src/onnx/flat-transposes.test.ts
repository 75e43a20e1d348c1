import * as tf from '@tensorflow/tfjs';
import { expect, it } from 'vitest';
import { checkRule } from '../testing/check-rule.ts';
import { flatTransposes } from './flat-transposes.ts';

it.each<[number[], number[], string[]]>([
  [
    [4, 3, 5],
    [1, 2, 0],
    ['Reshape', 'Transpose', 'Reshape'],
  ],
  [
    [4, 3, 5],
    [2, 0, 1],
    ['Reshape', 'Transpose', 'Reshape'],
  ],
  [
    [2, 3, 4, 5],
    [1, 2, 3, 0],
    ['Reshape', 'Transpose', 'Reshape'],
  ],
  [[4, 3, 5], [1, 0, 2], ['Transpose']],
  [[4, 5], [1, 0], ['Transpose']],
])('%j by %j', async (shape, perm, expected) => {
  expect(await checkRule(flatTransposes, (x) => tf.transpose(x, perm), { x: { shape } })).toEqual(expected);
});
