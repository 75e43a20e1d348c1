import * as tf from '@tensorflow/tfjs-core';
import { checks, constant, defineGate, linear, type GateOptions } from '@polytask/core';
import { variation } from './noisy-top-k-gate.ts';
import { closedToNew, hideUnseen, needSight } from './scores.ts';
import { softmaxOfLargest } from './top-k.ts';

const { number, oneOf, optional, wholeNumber } = checks;

/** Options of {@link cosineGate}. */
export interface CosineGateOptions extends GateOptions {
  /** The input of the gate: the unit's own vector (`unit`, default) or the network's input (`raw`). */
  reads?: 'unit' | 'raw';
  /** Width of the space in which inputs and experts are compared. Default 16. */
  units?: number;
  /** The number of experts per row. Default 2. */
  k?: number;
  /** The initial temperature τ, which is learned and stays at least 0.01. Default 0.5. */
  temperature?: number;
  /** Weight of the importance loss. Default 0.1. */
  importance?: number;
}

/**
 * Cosine router: W_u is a softmax over the k largest of the scores cos(x P, e_i) / τ, and exactly 0 elsewhere. P projects the
 * input, e_i is a learned vector of expert i, and τ is learned (Chi et al., NeurIPS'22, eq. 7 and 8; GMoE, Li et al., ICLR'23).
 * In X-MoE, the softmax is over all experts.
 * The scores don't grow with the length of x, so experts don't draw inputs together. The loss `importance` is as in
 * {@link noisyTopKGate}.
 *
 * @returns weights [units, batch, experts], which sum to 1 for each unit and row
 * @throws PolytaskError when an option is unknown or invalid; when the model is built, if a unit sees no expert
 * @example cosineGate({ k: 2, units: 8 })
 */
export const cosineGate = defineGate<CosineGateOptions>(
  'cosine',
  (builder, { reads = 'unit', units = 16, k = 2, temperature = 0.5, importance = 0.1 }) => {
    const { experts, mask, overExperts, rawDim, unitDim } = builder;
    needSight(builder, 'cosine');
    const projection = builder.weight('projection', [reads === 'unit' ? unitDim : rawDim, units]);
    const embedding = overExperts.weight('embedding', [units, experts]);
    const scale = builder.bias('scale', 1, constant(-Math.log(temperature))); // log 1/τ
    const closed = closedToNew(builder);
    const hide = hideUnseen(builder);
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
    description: 'a softmax over the k experts whose vectors have the largest cosine to the input',
    paper: 'Chi et al., NeurIPS 2022, eq. 7; Li et al., ICLR 2023',
    package: '@polytask/gating',
    variants: { cosine: { config: (reads) => ({ reads }) } },
    options: {
      reads: optional(oneOf('unit', 'raw')),
      units: optional(wholeNumber(1)),
      k: optional(wholeNumber(1)),
      temperature: optional(number('a temperature of 0.01 or more', (value) => value >= 0.01)),
      importance: optional(number('a weight of 0 or more', (value) => value >= 0)),
    },
  },
);

/** Vectors of length 1 along an axis. A vector of zeros stays zero. */
const normalized = (x: tf.Tensor, axis: number): tf.Tensor =>
  tf.mul(x, tf.rsqrt(tf.add(tf.sum(tf.square(x), axis, true), 1e-12)));
