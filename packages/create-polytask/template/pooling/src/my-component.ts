import * as tf from '@tensorflow/tfjs-core';
import { definePooling } from '@polytask/core';

/** Below any sum of an entry's powers, so that an empty row has a logarithm. */
const LEAST = 1e-6;

/**
 * log Σ_j exp(e_j), a smooth maximum of each dimension over the entries of a row: [batch, length, dimension] → [batch, dimension]. `filled`
 * is 1 for an entry and 0 for an empty slot. A row without entries becomes 0. Replace the equation by yours.
 *
 * @example idSequence({ pooling: myComponent() })
 */
export const myComponent = definePooling(
  'my-package/my-component',
  () => ({
    vector({ ids, filled }) {
      const powers = tf.mul(tf.exp(ids), tf.expandDims(filled, 2));
      return tf.log(tf.maximum(tf.sum(powers, 1), LEAST)) as tf.Tensor2D;
    },
  }),
  { description: 'a smooth maximum', package: 'my-package' },
);
