import * as tf from '@tensorflow/tfjs';
import { expect, it } from 'vitest';
import { rewrite } from '../rewrite/rewrite.ts';
import { checkRule } from '../testing/check-rule.ts';
import { trace, variableInput } from '../trace.ts';
import { constantInputs, foldMoves, transposed } from './constants.ts';

it.each([
  [
    [2, 3],
    [1, 0],
  ],
  [
    [2, 3, 4],
    [1, 0, 2],
  ],
  [
    [2, 3, 4],
    [2, 0, 1],
  ],
  [
    [1, 3, 2, 2],
    [3, 1, 0, 2],
  ],
  [[5], [0]],
  [
    [0, 3],
    [1, 0],
  ],
])('transposes [%j] by %j as TF.js does', (shape, perm) => {
  const numbers = Float32Array.from({ length: tf.util.sizeFromShape(shape) }, (_, i) => i);
  const expected = tf.tidy(() => tf.transpose(tf.tensor(numbers, shape, 'float32'), perm).dataSync());
  expect(transposed(numbers, shape, perm)).toEqual(expected);
  expect(transposed(Int32Array.from(numbers), shape, perm)).toEqual(Int32Array.from(expected));
});

it('makes one wide matrix of a bank of kernels before the file is written', () => {
  const kernel = tf.tidy(() => tf.variable(tf.reshape(tf.range(0, 24), [2, 3, 4])));
  const wide = (x: tf.Tensor) => tf.matMul(x, tf.reshape(tf.transpose(kernel, [1, 0, 2]), [3, 8]));
  const recorded = trace(wide, { x: { shape: [5, 3] } });
  const numbers = { [variableInput(kernel)]: kernel.dataSync<'float32'>() };
  const frozen = rewrite(recorded, [[constantInputs(numbers), foldMoves]]);
  expect(frozen.graph.nodes.map(({ op }) => op)).toEqual(['MatMul']);
  expect(frozen.graph.inputs.map(({ input }) => input)).toEqual(['x']);
  const { constant } = frozen.graph.nodes[0]!.inputs[1] as { constant: Float32Array };
  expect([...constant]).toEqual([0, 1, 2, 3, 12, 13, 14, 15, 4, 5, 6, 7, 16, 17, 18, 19, 8, 9, 10, 11, 20, 21, 22, 23]);
  kernel.dispose();
});

it('leaves the moves of inputs', async () => {
  const moved = (x: tf.Tensor) => tf.exp(tf.reshape(tf.transpose(x), [-1]));
  expect(await checkRule([foldMoves], moved, { x: { shape: [2, 3] } })).toEqual(['Transpose', 'Reshape', 'Exp']);
});
