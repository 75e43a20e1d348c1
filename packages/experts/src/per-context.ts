import * as tf from '@tensorflow/tfjs-core';
import { component, oneOf, optional, text, type FromDescription, type Written } from '@polytask/components';
import { defineExpert, dense, isBankable, createExpert, type ExpertSpec } from '@polytask/core';
import { contextParts } from './parts.ts';

const options = {
  /** The expert that each value of the context has. */
  expert: component('expert'),
  /** The name of the context. Default: the schema's only context. */
  context: optional(text),
  /**
   * How a row uses the experts of other values:
   * - `none`: not at all;
   * - `balance`: f = ω E_p + (1 − ω) mean of the others, with ω learned from ½ (M3oE);
   * - `attention`: f = [E_p ; Σ a_q E_q over the others], with a = softmax(e_p W + b) of the context's embedding e_p
   *   (HiNet). The output is twice as wide.
   */
  others: optional(oneOf('none', 'balance', 'attention'), 'none'),
};

export interface PerContextOptions extends Written<typeof options>, FromDescription {}

/**
 * An expert for each value of a context: a row goes through all of them and takes that of its value, so the time of a step grows with the
 * number of values. For a value that was in no training row, it is the mean of the trained experts. Shapes: [batch, inputDim] → [batch, width
 * of an expert].
 *
 * @throws PolytaskError when an option is missing, unknown or invalid; when the model is built, if the schema has no such context, or the
 *   context has more than 200 values
 * @example perContext({ expert: mlp([64]), context: 'tab' })
 */
export const perContext: (config: PerContextOptions) => ExpertSpec = defineExpert(
  'per-context',
  (builder, { expert, context: name, others }) => {
    const { inputDim } = builder;
    const { count, context, read } = contextParts(builder, name);
    const experts = Array.from({ length: count }, (_, p) => createExpert(builder.child(String(p)), expert, inputDim));
    const width = experts[0]!.outputDim;
    const scale = others === 'balance' ? builder.bias('balance', 1) : undefined;
    const scores =
      others === 'attention'
        ? dense(builder.child('attention'), { inputDim: context.dimension, units: count })
        : undefined;
    return {
      outputDim: scores ? 2 * width : width,
      apply(x, call) {
        const { own, trained } = read(call);
        const outputs = experts.map((each) => each.apply(x, call));
        const mix = (weights: tf.Tensor) =>
          tf.addN(tf.split(weights, count, -1).map((weight, p) => tf.mul(outputs[p]!, weight)));
        if (others === 'none') return mix(own);
        const rest = tf.mul(tf.sub(1, context.oneHot(call)), trained); // 1 for other values that were trained
        if (scale) {
          const even = tf.div(rest, tf.maximum(tf.sum(rest, 1, true), 1));
          const share = tf.sigmoid(scale); // [1], or [bank, 1, 1]
          return mix(tf.add(tf.mul(own, share), tf.mul(even, tf.sub(1, share))));
        }
        const hidden = tf.mul(tf.sub(rest, 1), 1e9);
        const attention = tf.softmax(tf.add(scores!(context.embedding(call), call), hidden));
        return tf.concat([mix(own), mix(attention)], -1);
      },
    };
  },
  {
    description: 'an expert for each value of a context',
    paper: 'Zhou et al., ICDE 2023; Zhang et al., SIGIR 2024',
    package: '@polytask/experts',
    options,
    bankable: ({ expert }) => isBankable(expert),
  },
);
