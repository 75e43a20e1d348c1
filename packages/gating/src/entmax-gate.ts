import * as tf from '@tensorflow/tfjs-core';
import { oneOf, optional, positive, type Written } from '@polytask/components';
import { defineGate, type GateOptions, type GateSpec } from '@polytask/core';
import { expertScores, hideUnseen, scoreOptions } from './scores.ts';

const options = {
  ...scoreOptions,
  /** 2 is sparsemax; 1.5 lies between sparsemax and softmax. */
  alpha: optional(oneOf(1.5, 2), 1.5),
  /** The divisor of the scores. */
  temperature: optional(positive, 1),
};

export interface EntmaxGateOptions extends Written<typeof options>, GateOptions {}

/**
 * Sparse gate: W_u = entmax_α((x W + b) / temperature) over the experts that the unit sees (sparsemax: Martins & Astudillo,
 * ICML'16; 1.5-entmax: Peters et al., ACL'19). The weights sum to 1, as with a softmax, but many are exactly 0.
 *
 * @returns weights [units, batch or 1, experts]
 * @throws PolytaskError when an option is unknown or invalid; when the model is built, if a unit sees no expert
 * @example entmaxGate({ alpha: 2 })
 */
export const entmaxGate: (config?: EntmaxGateOptions) => GateSpec = defineGate(
  'entmax',
  (builder, config) => {
    const { reads, alpha, temperature } = config;
    const scores = expertScores(builder, config);
    const hide = hideUnseen(builder, 'entmax');
    return { reads, apply: (x, call) => entmax(hide(tf.div(scores(x, call), temperature)), alpha) };
  },
  {
    traits: { normalized: true },
    description: 'sparsemax or 1.5-entmax: sums to 1, with exact zeros',
    paper: 'Martins & Astudillo, ICML 2016; Peters et al., ACL 2019',
    package: '@polytask/gating',
    variant: { config: (reads) => ({ reads }) },
    options,
  },
);

/**
 * α-entmax over the last axis (Peters, Niculae, Martins, ACL'19): argmax_p <p, z> + H_α(p) on the simplex. α = 2 is sparsemax (Martins &
 * Astudillo, ICML'16). The forward pass sorts (their algorithms 2 and 1). The gradient is s ⊙ (dy − <s, dy> / Σ s), with s = p^(2−α).
 */
export function entmax(z: tf.Tensor, alpha: 1.5 | 2): tf.Tensor {
  return tf.customGrad((...inputs) => {
    const [scores, save] = inputs as unknown as [tf.Tensor, tf.GradSaveFunc];
    const value = alpha === 2 ? sparsemax(scores) : entmax15(scores);
    save([value]);
    return {
      value,
      gradFunc(dy: tf.Tensor, [p]: tf.Tensor[]) {
        const s = alpha === 2 ? tf.cast(tf.greater(p!, 0), 'float32') : tf.sqrt(p!);
        const mean = tf.div(tf.sum(tf.mul(s, dy), -1, true), tf.sum(s, -1, true));
        return tf.mul(s, tf.sub(dy, mean));
      },
    };
  })(z);
}

/** `low`: the scores minus the largest of their row. `down`: `low` in descending order. `count`: 1, 2, … for each rank. */
function sorted(z: tf.Tensor): { low: tf.Tensor; down: tf.Tensor; count: tf.Tensor } {
  const size = z.shape.at(-1)!;
  const low = tf.sub(z, tf.max(z, -1, true));
  const count = tf.tensor1d(Array.from({ length: size }, (_, i) => i + 1));
  return { low, down: tf.topk(low, size, true).values, count };
}

/** The entry of each row at the last rank of the support, as a sum over a one-hot mask of that rank. */
const lastOf = (values: tf.Tensor, support: tf.Tensor, count: tf.Tensor): tf.Tensor => {
  const last = tf.cast(tf.equal(tf.sum(support, -1, true), count), 'float32');
  return tf.sum(tf.mul(values, last), -1, true);
};

function sparsemax(z: tf.Tensor): tf.Tensor {
  const { low, down, count } = sorted(z);
  const sums = tf.cumsum(down, down.rank - 1);
  const support = tf.cast(tf.greater(tf.add(1, tf.mul(count, down)), sums), 'float32');
  const threshold = lastOf(tf.div(tf.sub(sums, 1), count), support, count);
  return tf.relu(tf.sub(low, threshold));
}

function entmax15(z: tf.Tensor): tf.Tensor {
  const { low, down, count } = sorted(tf.div(z, 2));
  const mean = tf.div(tf.cumsum(down, down.rank - 1), count);
  const spread = tf.sub(tf.cumsum(tf.square(down), down.rank - 1), tf.mul(count, tf.square(mean))); // Σ (z − mean)²
  const thresholds = tf.sub(mean, tf.sqrt(tf.relu(tf.div(tf.sub(1, spread), count))));
  const support = tf.cast(tf.lessEqual(thresholds, down), 'float32');
  return tf.square(tf.relu(tf.sub(low, lastOf(thresholds, support, count))));
}
