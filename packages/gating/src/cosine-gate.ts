import * as tf from '@tensorflow/tfjs-core';
import { notNegative, number, optional, wholeNumber, type Written } from '@polytask/components';
import { constant, defineGate, linear, type GateOptions, type GateSpec } from '@polytask/core';
import { softmaxOfLargest, variation } from './noisy-top-k-gate.ts';
import { closedToNew, hideUnseen, vectorOptions } from './scores.ts';

const options = {
  ...vectorOptions,
  /** Width of the space in which inputs and experts are compared. */
  units: optional(wholeNumber(1), 16),
  /** The number of experts per row. */
  k: optional(wholeNumber(1), 2),
  /** The initial temperature τ, which is learned and stays at least 0.01. */
  temperature: optional(number({ from: 0.01 }), 0.5),
  /** Weight of the importance loss. */
  importance: optional(notNegative, 0.1),
};

export interface CosineGateOptions extends Written<typeof options>, GateOptions {}

/**
 * Cosine router: W_u is a softmax over the k largest of the scores cos(x P, e_i) / τ, and exactly 0 elsewhere. P projects the
 * input, e_i is a learned vector of expert i, and τ is learned (Chi et al., NeurIPS'22, eq. 7 and 8, with all experts; GMoE, Li et al.,
 * ICLR'23). The loss `importance` is as in {@link noisyTopKGate}.
 *
 * @returns weights [units, batch, experts], which sum to 1 for each unit and row
 * @throws PolytaskError when an option is unknown or invalid; when the model is built, if a unit sees no expert
 * @example cosineGate({ k: 2, units: 8 })
 */
export const cosineGate: (config?: CosineGateOptions) => GateSpec = defineGate(
  'cosine',
  (builder, { reads, units, k, temperature, importance }) => {
    const { experts, mask, overExperts, rawDim, unitDim } = builder;
    const projection = builder.weight('projection', [reads === 'unit' ? unitDim : rawDim, units]);
    const embedding = overExperts.weight('embedding', [units, experts]);
    const scale = builder.bias('scale', 1, constant(-Math.log(temperature))); // log 1/τ
    const closed = closedToNew(builder);
    const hide = hideUnseen(builder, 'cosine');
    return {
      reads,
      apply(x, call) {
        const cosines = tf.matMul(normalized(linear(x, projection), -1), normalized(embedding, -2)); // [units, batch, experts]
        const scores = tf.mul(cosines, tf.exp(tf.minimum(scale, Math.log(100))));
        const weights = softmaxOfLargest(hide(tf.add(scores, closed)), Math.min(k, experts), mask);
        if (importance > 0) call.addLoss('importance', tf.mul(importance, variation(tf.sum(weights, 1), mask)));
        return weights;
      },
    };
  },
  {
    traits: { normalized: true },
    description: 'a softmax over the k experts whose vectors have the largest cosine to the input',
    paper: 'Chi et al., NeurIPS 2022, eq. 7; Li et al., ICLR 2023',
    package: '@polytask/gating',
    variant: { config: (reads) => ({ reads }) },
    options,
  },
);

/** Vectors of length 1 along an axis. A vector of zeros stays zero. */
const normalized = (x: tf.Tensor, axis: number): tf.Tensor =>
  tf.mul(x, tf.rsqrt(tf.add(tf.sum(tf.square(x), axis, true), 1e-12)));
