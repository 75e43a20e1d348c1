import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { checkRule, operations } from '../testing/check-rule.ts';
import { trace } from '../trace.ts';
import { joinStacks } from './join-stacks.ts';
import { replay } from './replay.ts';
import { widenBanks } from './widen-banks.ts';

const [LANES, BATCH, IN, OUT] = [3, 8, 5, 4];
const x = { x: { shape: [LANES, BATCH, IN] } };
const numbers = (shape: number[]) => tf.sin(tf.range(0, tf.util.sizeFromShape(shape))).reshape(shape);

/** Experts that read lanes in an order; rows together in the end. */
const bank =
  (order: readonly number[], act: (z: tf.Tensor) => tf.Tensor = tf.relu) =>
  (lanes: tf.Tensor) => {
    const repeated = tf.gather(lanes, tf.tensor1d([...order], 'int32'));
    const z = tf.add(tf.matMul(repeated, numbers([order.length, IN, OUT])), numbers([order.length, 1, OUT]));
    return tf.transpose(act(z), [1, 0, 2]);
  };

describe('experts of a lane are one wide product', () => {
  it.each([2, 3])('of %i experts', async (each) => {
    const order = Array.from({ length: LANES * each }, (_, i) => Math.floor(i / each));
    const after = await checkRule(widenBanks, bank(order), x);
    expect(after).toEqual(['MatMul', 'Transpose', 'Add', 'Relu', 'Reshape']);
  });

  it('with any of the usual activations', async () => {
    for (const act of [
      tf.sigmoid,
      tf.tanh,
      tf.elu,
      tf.softplus,
      (z: tf.Tensor) => tf.leakyRelu(z, 0.1),
      (z: tf.Tensor) => z,
    ]) {
      expect(await checkRule(widenBanks, bank([0, 0, 1, 1, 2, 2], act), x)).not.toContain('Gather');
    }
  });

  it('when lanes were taken apart and repeated', () => {
    const level = (units: tf.Tensor) => {
      const lanes = tf.unstack(units, 1);
      const z = tf.matMul(tf.stack([0, 0, 1, 1, 2, 2].map((i) => lanes[i]!)), numbers([6, IN, OUT]));
      return tf.transpose(tf.relu(z), [1, 0, 2]);
    };
    const recorded = replay(trace(level, { x: { shape: [BATCH, LANES, IN] } }), { rule: joinStacks });
    expect(operations(replay(recorded, { rule: widenBanks })).filter((op) => op !== 'Reshape')).toEqual([
      'Transpose',
      'MatMul',
      'Transpose',
      'Relu',
    ]);
  });
});

describe('leaves alone', () => {
  it.each([
    ['lanes in another order', [0, 1, 0, 1, 2, 2]],
    ['unequal numbers of experts', [0, 0, 0, 1, 2]],
    ['only some of the lanes', [0, 0, 1, 1]],
  ])('%s', async (_, order) => {
    expect(await checkRule(widenBanks, bank(order), x)).toContain('Gather');
  });

  it('experts whose outputs are used as they are, too', async () => {
    const twice = (lanes: tf.Tensor) => {
      const z = tf.matMul(tf.gather(lanes, tf.tensor1d([0, 0, 1, 1, 2, 2], 'int32')), numbers([6, IN, OUT]));
      return { sum: tf.sum(z), rows: tf.transpose(z, [1, 0, 2]) };
    };
    expect(await checkRule(widenBanks, twice, x)).toContain('Gather');
  });

  it('a bias that differs from row to row', async () => {
    const rows = (lanes: tf.Tensor) => {
      const z = tf.matMul(tf.gather(lanes, tf.tensor1d([0, 0, 1, 1, 2, 2], 'int32')), numbers([6, IN, OUT]));
      return tf.transpose(tf.relu(tf.add(z, numbers([6, BATCH, OUT]))), [1, 0, 2]);
    };
    expect(await checkRule(widenBanks, rows, x)).toContain('Gather');
  });
});
