import * as tf from '@tensorflow/tfjs-core';
import { definePooling } from '@polytask/core';

/** Far below any number of an embedding. */
const FAR_BELOW = 1e9;

/**
 * The largest value of each dimension among the entries of a row: [batch, length, dimension] → [batch, dimension]. `filled` is 1 for an
 * entry and 0 for an empty slot. A row without entries becomes 0. Replace the equation by yours.
 *
 * @example idSequence({ pooling: myComponent() })
 */
export const myComponent = definePooling(
  'my-package/my-component',
  () => ({
    vector({ ids, filled }) {
      const empty = tf.sub(1, tf.expandDims(filled, 2));
      return tf.max(tf.sub(ids, tf.mul(empty, FAR_BELOW)), 1) as tf.Tensor2D;
    },
  }),
  { description: 'the largest value of each dimension', package: 'my-package' },
);
