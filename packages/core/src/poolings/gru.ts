import * as tf from '@tensorflow/tfjs-core';
import { definePooling } from '../inputs/pooling.ts';
import { biasUniform, linear } from '../layers/dense.ts';
import { uniform } from '../parameters/initializers.ts';

/**
 * A gated recurrent unit over the entries, oldest first, as in GRU4Rec (Hidasi et al., ICLR 2016) and in DIEN's interest extractor (Zhou
 * et al., AAAI 2019, eq. 2 to 5). For entry b_t with its side columns and the state h_{t−1}, of the width of an embedding,
 *
 *     u = σ(b_t W_u + h_{t−1} U_u + c_u)    r = σ(b_t W_r + h_{t−1} U_r + c_r)
 *     ĥ = tanh(b_t W_h + r ⊙ (h_{t−1} U_h) + c_h)    h_t = (1 − u) ⊙ h_{t−1} + u ⊙ ĥ
 *
 * The vector is the state after the last entry, without DIEN's auxiliary loss and attention. h_0 is 0. The graph has some ten operations for
 * each slot: with more than about 100 slots, compiling takes seconds.
 *
 * @example idSequence({ values: shared({ with: 'item' }), pooling: gru(), maxLength: 50 })
 */
export const gru = definePooling(
  'gru',
  ({ length, dimension, width, ...scope }) => {
    const init = uniform(1 / Math.sqrt(dimension)); // as in PyTorch
    const input = scope.weight('input', [width, 3 * dimension], init); // W_u, W_r, W_h side by side
    const gates = scope.weight('gates', [dimension, 2 * dimension], init); // U_u, U_r
    const state = scope.weight('state', [dimension, dimension], init); // U_h
    const bias = scope.bias('bias', 3 * dimension, biasUniform(dimension));
    const part = (x: tf.Tensor, from: number) => tf.slice(x, [0, from * dimension], [-1, dimension]);
    return {
      vector({ entries, filled }) {
        const inputs = linear(entries, input, bias); // of all steps in one product
        const steps = length === 1 ? [tf.squeeze(inputs, [1])] : tf.unstack(inputs, 1);
        let h: tf.Tensor | undefined;
        steps.forEach((x, t) => {
          const open = tf.slice(filled, [0, t], [-1, 1]); // 0 in padding
          const [ofGates, ofState] = h ? [linear(h, gates), linear(h, state)] : [];
          const u = tf.mul(tf.sigmoid(ofGates ? tf.add(part(x, 0), part(ofGates, 0)) : part(x, 0)), open);
          const reset = ofGates && tf.mul(tf.sigmoid(tf.add(part(x, 1), part(ofGates, 1))), ofState!);
          const next = tf.tanh(reset ? tf.add(part(x, 2), reset) : part(x, 2));
          h = h ? tf.add(h, tf.mul(u, tf.sub(next, h))) : tf.mul(u, next);
        });
        return h as tf.Tensor2D;
      },
    };
  },
  {
    description: 'the last state of a recurrent network over the entries',
    paper: 'Hidasi et al., ICLR 2016; Zhou et al., AAAI 2019, eq. 2',
    package: '@polytask/core/features',
  },
);
