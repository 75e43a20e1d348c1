import * as tf from '@tensorflow/tfjs-core';
import { component, wholeNumber, type FromDescription, type Written } from '@polytask/components';
import { defineExpert, dense, isBankable, createExpert, type ExpertSpec } from '@polytask/core';
import { mlp } from './mlp.ts';

const options = {
  /** The expert of which there are several. */
  expert: component('expert'),
  /** The number of experts, 2 or more: a softmax over one has no gradient. */
  count: wholeNumber(2),
};

export interface MixtureOptions extends Written<typeof options>, FromDescription {}

/**
 * A mixture of experts as one expert: Σ_k softmax(x W + b)_k E_k(x). HiNet calls this sub-expert integration (Zhou et al., ICDE 2023).
 * Shapes: [batch, inputDim] → [batch, width of an expert]. In a level, a gate does the same.
 *
 * @throws PolytaskError when an option is missing, unknown or invalid
 * @example mixture({ expert: mlp([64]), count: 4 })
 */
export const mixture: (config: MixtureOptions) => ExpertSpec = defineExpert(
  'mixture',
  (builder, { expert, count }) => {
    const { inputDim } = builder;
    const experts = Array.from({ length: count }, (_, k) => createExpert(builder.child(String(k)), expert, inputDim));
    const scores = dense(builder.child('gate'), { inputDim, units: count });
    return {
      outputDim: experts[0]!.outputDim,
      apply(x, call) {
        const weights = tf.split(tf.softmax(scores(x, call)), count, -1); // [(bank,) batch, 1] each
        return tf.addN(experts.map((each, k) => tf.mul(each.apply(x, call), weights[k]!)));
      },
    };
  },
  {
    description: 'a softmax-weighted sum of experts, as one expert',
    paper: 'Zhou et al., ICDE 2023',
    package: '@polytask/experts',
    variant: { layer: (width) => ({ expert: mlp([width]), count: 2 }) },
    options,
    bankable: ({ expert }) => isBankable(expert),
  },
);
