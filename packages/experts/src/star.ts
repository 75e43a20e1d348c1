import * as tf from '@tensorflow/tfjs-core';
import { listOf, optional, text, wholeNumber, type FromDescription, type Written } from '@polytask/components';
import {
  activation,
  defineExpert,
  linear,
  ones,
  uniform,
  activationName,
  type Call,
  type ExpertSpec,
} from '@polytask/core';
import { clusterParts, contextParts } from './parts.ts';

const options = {
  /** The widths of the layers, from the input up. */
  units: listOf(wholeNumber(1), 1),
  /** The name of the context. Default: the schema's only context. */
  context: optional(text),
  /** A number of clusters of rows, 2 or more, in place of the values of a context (AdaptDHM). */
  clusters: optional(wholeNumber(2)),
  /** The activation after each layer. */
  activation: optional(activationName, 'relu'),
};

export interface StarExpertOptions extends Written<typeof options>, FromDescription {}

/**
 * Star topology network (STAR, Sheng et al., CIKM 2021, section 3.4). A layer is act((W ⊙ W_p)ᵀ x + b + b_p): W and b are
 * shared, and each value p of a context has its W_p and b_p. W_p starts at 1, and b_p at 0, so all scenarios start as the
 * shared network. A row whose value was in no training row uses the mean of the trained W_p and b_p.
 * Shapes: [batch, inputDim] → [batch, last width].
 *
 * @throws PolytaskError when an option is unknown or invalid; when the model is built, if the schema has no such
 *   context, or the context has more than 200 values
 * @example starExpert({ units: [128, 64], context: 'tab' })
 */
export const starExpert: (config: StarExpertOptions) => ExpertSpec = defineExpert(
  'star',
  (builder, { units, context, clusters, activation: name }) => {
    const parts = clusters === undefined ? contextParts(builder, context) : clusterParts(builder, clusters);
    const { count } = parts;
    const act = activation(name);
    let { inputDim } = builder;
    const layers = units.map((width, i) => {
      const scope = builder.child(String(i));
      const side = [...(builder.members ? [builder.members.length] : []), inputDim];
      const shared = scope.weight('kernel', [inputDim, width]);
      const own = scope.weight('part', [inputDim, count * width], ones());
      const bias = scope.bias('bias', width, uniform(1 / Math.sqrt(Math.max(1, inputDim))));
      const ownBias = scope.bias('partBias', count * width);
      inputDim = width;
      return (x: tf.Tensor, weights: tf.Tensor, call: Call) => {
        const kernels = tf.mul(tf.expandDims(shared, -2), tf.reshape(own, [...side, count, width]));
        const all = linear(x, tf.reshape(kernels, [...side, count * width]), ownBias, call.shared);
        const each = tf.reshape(all, [...all.shape.slice(0, -1), count, width]); // [(bank,) batch, count, width]
        return act(tf.add(tf.sum(tf.mul(each, tf.expandDims(weights, -1)), -2), bias));
      };
    });
    return {
      outputDim: inputDim,
      apply(x, call) {
        const weights = parts.weights(x, call);
        return layers.reduce((h, layer) => layer(h, weights, call), x);
      },
    };
  },
  {
    description: 'layers whose weights are shared ones times those of the scenario',
    paper: 'Sheng et al., CIKM 2021, section 3.4',
    package: '@polytask/experts',
    options,
  },
);
