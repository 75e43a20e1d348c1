import { optional, wholeNumber, type FromDescription, type Spec, type Written } from '@polytask/components';
import * as tf from '@tensorflow/tfjs-core';
import { definePooling } from '../inputs/pooling.ts';
import { attention } from '../layers/attention.ts';
import { biasUniform, linear } from '../layers/dense.ts';
import { lookup } from '../layers/operations.ts';
import { layerNorm } from '../layers/norms.ts';
import { uniform } from '../parameters/initializers.ts';
import type { Scope } from '../parameters/scope.ts';

const options = {
  /** The number of heads, each as wide as an embedding. The paper has 8. */
  heads: optional(wholeNumber(1), 2),
  /** The number of transformer layers. 1 is the paper's best. */
  blocks: optional(wholeNumber(1), 1),
  /** The width of the hidden layer of each feed-forward network. Default: four times that of an embedding. */
  hidden: optional(wholeNumber(1)),
};

export interface TransformerOptions extends Written<typeof options>, FromDescription {}

/**
 * A transformer over the entries and the candidate (BST, Chen et al., DLP-KDD 2019, eq. 1 to 6). Each entry attends to all entries and to
 * the candidate, and so does the candidate. For their vectors E of width d,
 *
 *     S' = LayerNorm(E + [head_1 … head_h] W_O)    head = softmax(E W_Q (E W_K)ᵀ / √d) E W_V
 *     F = LayerNorm(S' + LeakyReLU(S' W_1 + b_1) W_2 + b_2)
 *
 * The vector is the mean of F over the entries and the candidate. The paper's text has the candidate's F (section 2.3). Here E_j is the sum
 * of the embedding, the projected side columns and a learned vector for the position, counted from the candidate. The paper has positions
 * in time, and concatenates: use a side column for the time. There is no dropout.
 *
 * @throws PolytaskError when an option is not a positive whole number
 * @example idSequence({ target: 'item', pooling: transformer({ heads: 4 }), maxLength: 20 })
 */
export const transformer: (config?: TransformerOptions) => Spec<'pooling'> = definePooling(
  'transformer',
  ({ length, dimension, width, ...scope }, { heads, blocks, hidden = 4 * dimension }) => {
    const positions = scope.weight('positions', [length + 1, dimension], uniform(0.05)); // row 0: the candidate's
    const sides = width > dimension ? scope.weight('sides', [width - dimension, dimension]) : undefined;
    const layers = Array.from({ length: blocks }, (_, b) => block(scope.child(String(b)), dimension, heads, hidden));
    return {
      vector({ ids, entries, filled, candidate }) {
        const own = sides ? tf.add(ids, linear(tf.slice(entries, [0, 0, dimension]), sides)) : ids;
        const here = tf.concat([filled, tf.onesLike(tf.slice(filled, [0, 0], [-1, 1]))], 1) as tf.Tensor2D; // the candidate comes last
        const after = tf.cast(tf.cumsum(here, 1, true, true), 'int32') as tf.Tensor2D; // 0 for the candidate, 1 for the last entry
        let x: tf.Tensor = tf.add(tf.concat([own, candidate!], 1), lookup(positions, after));
        const mask = tf.mul(tf.cast(tf.equal(tf.reshape(here, [-1, 1, 1, length + 1]), 0), 'float32'), -1e9);
        for (const layer of layers) x = layer(x, mask);
        const sum = tf.sum(tf.mul(x, tf.expandDims(here, 2)), 1);
        return tf.div(sum, tf.sum(here, 1, true));
      },
    };
  },
  {
    description: 'a transformer over the entries and the candidate',
    paper: 'Chen et al., DLP-KDD 2019, eq. 2',
    package: '@polytask/core/features',
    options,
    target: true,
  },
);

/** One layer: [batch, tokens, dimension] and a mask to add to the scores → the same shape. */
function block(scope: Scope, dimension: number, heads: number, hidden: number) {
  const kernel = (name: string) => scope.weight(name, [dimension, heads * dimension]);
  const [query, key, value] = [kernel('query'), kernel('key'), kernel('value')];
  const out = scope.weight('out', [heads * dimension, dimension]);
  const [inner, outer] = [scope.weight('inner', [dimension, hidden]), scope.weight('outer', [hidden, dimension])];
  const innerBias = scope.bias('inner-bias', hidden, biasUniform(dimension));
  const outerBias = scope.bias('outer-bias', dimension, biasUniform(hidden));
  const norms = [
    layerNorm(scope.child('attention-norm'), dimension),
    layerNorm(scope.child('norm'), dimension),
  ] as const;
  return (x: tf.Tensor, mask: tf.Tensor): tf.Tensor => {
    const mixed = attention(linear(x, query), linear(x, key), linear(x, value), heads, mask);
    const attended = norms[0](tf.add(x, linear(mixed, out)));
    const further = linear(tf.leakyRelu(linear(attended, inner, innerBias)), outer, outerBias);
    return norms[1](tf.add(attended, further));
  };
}
