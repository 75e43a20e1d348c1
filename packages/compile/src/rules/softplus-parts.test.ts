import * as tf from '@tensorflow/tfjs';
import { expect, test } from 'vitest';
import { checkRule } from '../testing/check-rule.ts';
import { softplusParts } from './elementwise.ts';

const PARTS = ['Abs', 'Log', 'Relu', 'Sigmoid', 'Sub'];

test.each([1e-3, 1, 30, 500])('a softplus is the same in parts, of numbers up to %d', async (size) => {
  const after = await checkRule([softplusParts], (x) => tf.softplus(tf.mul(x, size)), { x: { shape: [7, 5] } });
  expect([...new Set(after)].sort()).toEqual(size === 1 ? PARTS : [...PARTS, 'Mul'].sort());
});
