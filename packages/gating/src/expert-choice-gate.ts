import * as tf from '@tensorflow/tfjs-core';
import { number, optional, positive, type Written } from '@polytask/components';
import { defineGate, detached, linear, type GateOptions, type GateSpec } from '@polytask/core';
import { closedToNew, hideUnseen, vectorOptions } from './scores.ts';

const options = {
  ...vectorOptions,
  /** The mean number of experts per row, c. */
  capacity: optional(positive, 2),
  /** The share of the running thresholds that is kept at each step. */
  momentum: optional(number({ from: 0, below: 1 }), 0.9),
};

export interface ExpertChoiceGateOptions extends Written<typeof options>, GateOptions {}

/**
 * Expert choice (Zhou et al., NeurIPS'22, section 3.2): experts choose rows, so all have the same load. S = softmax(x W) over the
 * e experts that the unit sees. In training, expert i takes the n c / e rows of the batch with the largest S_i, for n rows and
 * capacity c. Its weight is S_i there, and 0 in the other rows. Otherwise rows must not depend on one another: expert i takes each row with
 * S_i at or above the running mean of the smallest S_i that it took in training (Expert Threshold Routing, Sun et al. 2026, which uses
 * thresholds in training, too). Before any training it takes all rows.
 *
 * @returns weights [units, batch, experts] in [0, 1]. Their sum differs from row to row, and is 0 for a row that no expert takes
 * @throws PolytaskError when an option is unknown or invalid; when the model is built, if a unit sees no expert
 * @example sumGate(expertChoiceGate({ capacity: 2 }), constantGate({ sees: 'own' }))
 */
export const expertChoiceGate: (config?: ExpertChoiceGateOptions) => GateSpec = defineGate(
  'expert-choice',
  (builder, { reads, capacity, momentum }) => {
    const { experts, overExperts, rawDim, unitDim, visible } = builder;
    const kernel = overExperts.weight('kernel', [reads === 'unit' ? unitDim : rawDim, experts]);
    const thresholds = overExperts.buffer('thresholds', experts);
    const mass = builder.buffer('mass', 1); // 1 − momentum^steps: the thresholds start at 0
    const closed = closedToNew(builder);
    const hide = hideUnseen(builder, 'expert-choice');
    const shares = visible.map((row) => capacity / row.filter(Boolean).length); // of the rows, for each expert of a unit
    const follow = (buffer: tf.Variable, value: tf.Tensor | number) =>
      buffer.assign(tf.add(tf.mul(buffer, momentum), tf.mul(value, 1 - momentum)));

    return {
      reads,
      apply(x, call) {
        const scores = tf.softmax(hide(linear(x, kernel, closed))); // [units, batch, experts]
        let threshold: tf.Tensor;
        if (call.training && kernel.trainable) {
          threshold = detached(scores, (s) => smallestTaken(s, shares));
          follow(thresholds, threshold);
          follow(mass, 1);
        } else {
          threshold = tf.div(thresholds, tf.maximum(mass, 1e-9));
        }
        const taken = detached(scores, (s) => tf.cast(tf.greaterEqual(s, threshold), 'float32'));
        return tf.mul(scores, taken);
      },
    };
  },
  {
    description: 'each expert takes the rows with its largest scores; in use, those above a threshold',
    paper: 'Zhou et al., NeurIPS 2022, section 3.2',
    package: '@polytask/gating',
    variant: { config: (reads) => ({ reads }) },
    options,
  },
);

/** The smallest of the largest scores, [units, batch, experts] → [units, 1, experts]. An expert takes a unit's share of the rows. */
function smallestTaken(scores: tf.Tensor, shares: readonly number[]): tf.Tensor {
  const [, batch, experts] = scores.shape as [number, number, number];
  const taken = shares.map((share) => Math.min(batch, Math.max(1, Math.round(batch * share))));
  const { values } = tf.topk(tf.transpose(scores, [0, 2, 1]), Math.max(...taken), true); // [units, experts, rows]
  const last = taken.map((rows, unit) => tf.slice(values, [unit, 0, rows - 1], [1, experts, 1]));
  return tf.transpose(tf.concat(last, 0), [0, 2, 1]);
}
