import * as tf from '@tensorflow/tfjs-core';
import { flag, optional, text, type FromDescription, type Written } from '@polytask/components';
import { defineExpert, ones, zeros, type ExpertSpec, type Scope } from '@polytask/core';
import { contextParts } from './parts.ts';

const options = {
  /** The name of the context. Default: the schema's only context. */
  context: optional(text),
  /** False: only the scale and shift of each scenario (SAR-Net). */
  normalize: optional(flag, true),
};

export interface PartitionedNormOptions extends Written<typeof options>, FromDescription {}

const MOMENTUM = 0.9;
const EPSILON = 1e-5;

/**
 * Partitioned normalization (STAR, Sheng et al., CIKM 2021, section 3.3): (γ γ_p) (x − E_p) / √(Var_p + ε) + β + β_p. The
 * moments, γ_p and β_p are those of the value p of a context. With `normalize: false`, this is the scenario-specific
 * transformation of SAR-Net (Shen et al., CIKM 2021): γ γ_p x + β + β_p.
 *
 * The paper trains on batches of one scenario. Here each scenario of a batch has the moments of its rows: use batches that have tens of
 * them. Predictions use running moments, and for a value that was in no training row the means over the trained scenarios. Shapes:
 * [batch, inputDim] → [batch, inputDim].
 *
 * @throws PolytaskError when an option is unknown; when the model is built, if the schema has no such context, or the context has more than
 *   200 values
 * @example sequential(partitionedNorm({ context: 'tab' }), starExpert({ units: [64], context: 'tab' }))
 */
export const partitionedNorm: (config?: PartitionedNormOptions) => ExpertSpec = defineExpert(
  'partitioned-norm',
  (builder, { context, normalize }) => {
    const { inputDim } = builder;
    const parts = contextParts(builder, context);
    const shape: [number, number] = [parts.count, inputDim];
    const [gamma, beta] = [builder.bias('gamma', inputDim, ones()), builder.bias('beta', inputDim)];
    const ownGamma = builder.weight('partGamma', shape, ones());
    const ownBeta = builder.weight('partBeta', shape, zeros());
    const running = normalize ? runningMoments(builder, shape) : undefined;
    return {
      outputDim: inputDim,
      apply(x, call) {
        const weights = parts.weights(x, call) as tf.Tensor2D; // [batch, values]
        const ofRow = (each: tf.Tensor) => tf.matMul(weights, each as tf.Tensor2D); // [batch, inputDim]
        const moments = running && (call.training ? running.ofBatch(x as tf.Tensor2D, weights) : running.now());
        const z = moments
          ? tf.mul(tf.sub(x, ofRow(moments.mean)), tf.rsqrt(tf.add(ofRow(moments.variance), EPSILON)))
          : x;
        return tf.add(tf.mul(z, tf.mul(gamma, ofRow(ownGamma))), tf.add(beta, ofRow(ownBeta)));
      },
    };
  },
  {
    description: 'normalization, scale and shift by the values of a context',
    paper: 'Sheng et al., CIKM 2021, section 3.3',
    traits: { fixedStart: true },
    package: '@polytask/experts',
    options,
    bankable: false,
  },
);

interface Moments {
  /** [values, width] each */
  readonly mean: tf.Tensor;
  readonly variance: tf.Tensor;
}

/** Divides counts of 0. */
const TINY = 1e-9;

/**
 * The moments of each scenario. Their running counts, sums and squares change only in steps that have rows of the scenario. Squares are
 * around the running mean before the step, so that a constant column has a variance of 0.
 */
function runningMoments(scope: Scope, [count, width]: [number, number]) {
  const rows = scope.buffer('rows', count);
  const [sums, squares] = [scope.buffer('sums', count * width), scope.buffer('squares', count * width)];
  const average = (running: tf.Variable, ofBatch: tf.Tensor, isThere: tf.Tensor) => {
    const [before, after] = [running, ofBatch].map((each) => tf.reshape(each, [count, -1])) as [tf.Tensor, tf.Tensor];
    const step = tf.mul(tf.mul(isThere, 1 - MOMENTUM), tf.sub(after, before));
    running.assign(tf.reshape(tf.add(before, step), running.shape));
  };
  return {
    ofBatch(x: tf.Tensor2D, weights: tf.Tensor2D): Moments {
      const perPart = (each: tf.Tensor) => tf.matMul(weights, each as tf.Tensor2D, true); // [count, width]
      const ofPart = tf.reshape(tf.sum(weights, 0), [count, 1]);
      const [sum, divisor] = [perPart(x), tf.maximum(ofPart, 1)];
      const mean = tf.div(sum, divisor);
      const variance = tf.div(perPart(tf.square(tf.sub(x, tf.matMul(weights, mean as tf.Tensor2D)))), divisor);
      const isThere = tf.minimum(ofPart, 1);
      const past = tf.reshape(rows, [count, 1]);
      const center = tf.where(
        tf.greater(past, 0),
        tf.div(tf.reshape(sums, [count, width]), tf.maximum(past, TINY)),
        mean,
      );
      const deviations = tf.sub(x, tf.matMul(weights, center as tf.Tensor2D));
      average(rows, ofPart, isThere);
      average(sums, sum, isThere);
      average(squares, perPart(tf.square(deviations)), isThere);
      return { mean, variance };
    },
    now(): Moments {
      const ofPart = tf.reshape(rows, [count, 1]);
      const isNew = tf.cast(tf.equal(ofPart, 0), 'float32');
      const divisor = tf.add(ofPart, isNew);
      const [mean, square] = [sums, squares].map((each) => tf.div(tf.reshape(each, [count, width]), divisor));
      return { mean: mean!, variance: tf.add(square!, isNew) }; // 1 before any row
    },
  };
}
