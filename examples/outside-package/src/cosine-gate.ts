import * as tf from '@tensorflow/tfjs-core';
import { checks, defineGate, linear } from '@polytask/core';

const options = {
  /** The input of the scores: the unit's own vector, or the network's input. */
  reads: checks.optional(checks.oneOf('unit', 'raw'), 'unit'),
  /** τ, the scale of the cosines: small values make sharp gates. */
  temperature: checks.optional(checks.positive, 0.3),
};

/**
 * Cosine routing (Chi et al., X-MoE, NeurIPS 2022, eq. 6): softmax of cos(x, e) / τ over the experts that the unit sees. Each
 * expert has an embedding e of the input's width. Cosines lie in [−1, 1], so the exponentials need no shift.
 *
 * @returns weights [units, batch, experts], which sum to 1
 * @throws PolytaskError when the temperature isn't above 0, or an option is unknown
 * @example cosineGate({ reads: 'raw' })
 */
export const cosineGate = defineGate(
  'outside-package/cosine',
  ({ overExperts, unitDim, rawDim, experts, mask }, { reads, temperature }) => {
    const embeddings = overExperts.weight('embeddings', [reads === 'unit' ? unitDim : rawDim, experts]);
    return {
      reads,
      apply(x) {
        const scores = linear(ofLength1(x, -1), ofLength1(embeddings, -2));
        const positive = tf.mul(tf.exp(tf.div(scores, temperature)), mask);
        return tf.div(positive, tf.sum(positive, -1, true));
      },
    };
  },
  {
    traits: { normalized: true },
    description: 'a softmax of the cosines of input and expert embeddings',
    paper: 'Chi et al., NeurIPS 2022, eq. 6',
    package: 'outside-package',
    options,
    variant: { config: (reads) => ({ reads }) },
  },
);

/** Vectors along an axis, divided by their lengths. The vector 0 stays 0. */
const ofLength1 = (x: tf.Tensor, axis: number): tf.Tensor =>
  tf.div(x, tf.sqrt(tf.add(tf.sum(tf.square(x), axis, true), 1e-12)));
