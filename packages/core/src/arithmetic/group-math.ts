import type { RowMath } from '@polytask/components';
import * as tf from '@tensorflow/tfjs-core';
import { stopGradient } from './stop-gradient.ts';
import { tensorMath } from './tensor-math.ts';

/**
 * The operations of rows, and four over the rows of a group. In training, values are tensors with all rows of a batch, [(tasks,) batch]. In
 * evaluation they are doubles, with the rows of one group.
 */
export interface GroupMath<V> extends RowMath<V> {
  /** The value of the first row of each pair: [batch] → [batch, 1]. */
  readonly mine: (v: V) => V;
  /** The value of the second row of each pair: [batch] → [1, batch]. */
  readonly others: (v: V) => V;
  /** The sum over the second rows that are in the group of the first: [batch, batch] → [batch]. */
  readonly sumOverGroup: (pairs: V) => V;
  /** log wᵢ e^vᵢ / Σ wⱼ e^vⱼ in the group of a row: [batch], [batch] → [batch]. 0 for a row of weight 0, or one that is alone. */
  readonly logShare: (v: V, weights: V) => V;
}

/** Added to numbers that a maximum leaves out. Half precision can hold it, too. */
const FAR = 1e4;

/** TF.js operations for the groups of a batch, in float32. @param groups [batch]: equal numbers are one group */
export function groupTensorMath(groups: tf.Tensor): GroupMath<tf.Tensor> {
  const mine = (v: tf.Tensor) => tf.expandDims(v, -1);
  const others = (v: tf.Tensor) => tf.expandDims(v, -2);
  const same = tf.cast(tf.equal(mine(groups), tf.expandDims(groups, 0)), 'float32'); // [batch, batch]
  const sumOverGroup = (pairs: tf.Tensor) => tf.sum(tf.mul(pairs, same), -1);
  return {
    ...tensorMath,
    mine,
    others,
    sumOverGroup,
    logShare(v, weights) {
      const present = tf.sign(weights);
      const own = tf.add(v, tf.log(tf.add(weights, tf.sub(1, present)))); // log (w e^v), and v for a weight of 0
      const isMember = tf.mul(same, others(present));
      const members = tf.add(tf.mul(others(stopGradient(own)), isMember), tf.mul(tf.sub(isMember, 1), FAR));
      const top = tf.max(members, -1); // of a group without a member: −FAR
      const gaps = tf.mul(tf.sub(others(own), mine(top)), isMember); // 0 or less
      const total = tf.sum(tf.mul(tf.exp(gaps), isMember), -1);
      const logTotal = tf.add(top, tf.log(tf.add(total, tf.sub(1, tf.sign(total)))));
      return tf.mul(tf.sub(own, logTotal), present);
    },
  };
}
