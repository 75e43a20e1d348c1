import * as tf from '@tensorflow/tfjs-core';
import { notNegative, optional, wholeNumber, type Written } from '@polytask/components';
import { defineGate, detached, randomTensor, type GateOptions, type GateSpec } from '@polytask/core';
import { expertScores, hideUnseen, scoreOptions, vectorOptions } from './scores.ts';

const options = {
  ...scoreOptions,
  ...vectorOptions,
  /** The number of experts per row. */
  k: optional(wholeNumber(1), 2),
  /** Weight of the importance loss. */
  importance: optional(notNegative, 0.1),
  /** Weight of the load loss. */
  load: optional(notNegative, 0.1),
};

export interface NoisyTopKGateOptions extends Written<typeof options>, GateOptions {}

/**
 * Noisy top-k gate (Shazeer et al., ICLR'17, eq. 3 to 5): h = x W + n ⊙ softplus(x V), with n from N(0, 1) in training and 0
 * otherwise. W_u is a softmax over the k largest scores h, and exactly 0 elsewhere. Only the chosen experts get gradients.
 *
 * Two losses balance the experts, as means over the units. The loss `importance` is `importance` × CV² of the experts'
 * summed weights (eq. 6 and 7). The loss `load`, in training only, is `load` × CV² of the expected number of rows per
 * expert (appendix A, eq. 8 to 11).
 *
 * @returns weights [units, batch, experts], which sum to 1 for each unit and row
 * @throws PolytaskError when an option is unknown or invalid; when the model is built, if a unit sees no expert
 * @example noisyTopKGate({ reads: 'raw', k: 2, importance: 0.1, load: 0.1 })
 */
export const noisyTopKGate: (config?: NoisyTopKGateOptions) => GateSpec = defineGate(
  'noisy-top-k',
  (builder, config) => {
    const { reads, k, importance, load } = config;
    const { experts, mask } = builder;
    const scores = expertScores(builder, config);
    const spread = expertScores(builder, { ...config, hidden: [], bias: false, name: 'noise' });
    const hide = hideUnseen(builder, 'noisy top-k');
    const random = builder.random('noise');
    const count = Math.min(k, experts);

    return {
      reads,
      apply(x, call) {
        const clean = scores(x, call); // [units, batch, experts]
        const deviation = call.training ? tf.add(tf.softplus(spread(x, call)), 0.01) : undefined;
        const noise = deviation && randomTensor(random, clean.shape, (stream, size) => stream.normal(size));
        const noisy = hide(noise ? tf.add(clean, tf.mul(noise, deviation)) : clean);
        const weights = softmaxOfLargest(noisy, count, mask);
        if (importance > 0) call.addLoss('importance', tf.mul(importance, variation(tf.sum(weights, 1), mask)));
        if (load > 0 && deviation && count < experts) {
          const chance = tf.mul(chanceToBeChosen(clean, noisy, deviation, count), mask);
          call.addLoss('load', tf.mul(load, variation(tf.sum(chance, 1), mask)));
        }
        return weights;
      },
    };
  },
  {
    traits: { normalized: true },
    description: 'a softmax over the k largest noisy scores, with losses that balance the load',
    paper: 'Shazeer et al., ICLR 2017, eq. 3',
    package: '@polytask/gating',
    variant: { config: (reads) => ({ reads }) },
    options,
  },
);

/** The mean over the units of (deviation / mean)², over the experts that a unit sees; `amounts` is [units, experts]. */
export function variation(amounts: tf.Tensor, mask: tf.Tensor): tf.Scalar {
  const visible = tf.squeeze(mask, [1]); // [units, experts]
  const count = tf.sum(visible, 1, true);
  const mean = tf.div(tf.sum(tf.mul(amounts, visible), 1, true), count);
  const variance = tf.div(tf.sum(tf.mul(tf.square(tf.sub(amounts, mean)), visible), 1, true), count);
  return tf.mean(tf.div(variance, tf.add(tf.square(mean), 1e-10)));
}

/** P(x, i) of eq. 8 and 9: the probability that expert i is among the k largest when only its own noise is drawn anew. */
function chanceToBeChosen(clean: tf.Tensor, noisy: tf.Tensor, deviation: tf.Tensor, k: number): tf.Tensor {
  const upTo = (rank: number) => detached(noisy, (h) => largest(h, rank));
  const at = (lower: tf.Tensor | undefined, upper: tf.Tensor) =>
    tf.sum(tf.mul(noisy, lower ? tf.sub(upper, lower) : upper), -1, true); // the score at one rank; it has a gradient
  const inside = upTo(k);
  const last = at(k === 1 ? undefined : upTo(k - 1), inside); // the k-th largest score
  const next = at(inside, upTo(k + 1)); // the (k + 1)-th largest score
  const threshold = tf.add(tf.mul(inside, next), tf.mul(tf.sub(1, inside), last)); // the k-th largest of the other experts
  const z = tf.div(tf.sub(clean, threshold), tf.mul(deviation, Math.SQRT2));
  return tf.mul(0.5, tf.add(1, tf.erf(tf.clipByValue(z, -5, 5))));
}

/** 1 at the k largest numbers of the last axis, 0 elsewhere. Among equal numbers the first wins. It has no gradient. */
export function largest(x: tf.Tensor, k: number): tf.Tensor {
  const size = x.shape.at(-1)!;
  if (size === 1) return tf.onesLike(x); // tf.oneHot needs two classes or more
  const { indices } = tf.topk(x, Math.min(k, size), true);
  return tf.sum(tf.cast(tf.oneHot(tf.cast(indices, 'int32'), size), 'float32'), -2);
}

/** A softmax over the k largest scores, exactly 0 elsewhere and where the mask is 0. Only the chosen scores get gradients. */
export function softmaxOfLargest(scores: tf.Tensor, k: number, mask: tf.Tensor): tf.Tensor {
  const top = detached(scores, (s) => largest(s, k));
  return tf.softmax(tf.add(scores, tf.mul(tf.sub(tf.mul(top, mask), 1), 1e9)));
}
