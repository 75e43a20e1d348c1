import * as tf from '@tensorflow/tfjs-core';
import { contextOf, detached, fail, stopGradient, type Call, type Context, type ExpertBuilder } from '@polytask/core';

/** The parts of an expert's parameters: one for each value of a context, or one for each cluster of rows. */
export interface Parts {
  readonly count: number;
  /** How much each row uses each part. @returns [(bank,) batch, count]; each row sums to 1 */
  weights(x: tf.Tensor, call: Call): tf.Tensor;
}

export interface ContextParts extends Parts {
  readonly context: Context;
  /** `own`: the weights, [batch, count]. `trained`: 1 for a part that was trained, 0 elsewhere; all 1 before any training, [count]. */
  read(call: Call): { own: tf.Tensor2D; trained: tf.Tensor1D };
}

/** More values than this are an id. Parameters for each would be many, with few rows to train them. */
const MOST = 200;

/** A part for each value of a context. A row whose value no training row had uses the mean of the parts that were trained. */
export function contextParts(builder: ExpertBuilder, name?: string): ContextParts {
  const context = contextOf(builder, name);
  const { values: count } = context;
  if (count > MOST) {
    fail({
      expected: `a context of at most ${MOST} values for ${builder.path}, which has parameters for each`,
      received: `${count} values of "${context.name}"`,
      fix: 'Use a feature with fewer values as the context, or pepnet, which reads an embedding.',
    });
  }
  const seen = builder.buffer('seen', count);
  const read: ContextParts['read'] = (call) => {
    const own = context.oneHot(call);
    const before = tf.max(tf.reshape(seen, [-1, count]), 0);
    const now = call.training ? tf.maximum(before, tf.max(own, 0)) : before;
    const trained = tf.maximum(now, tf.sub(1, tf.max(now))) as tf.Tensor1D;
    if (call.training) {
      seen.assign(tf.add(tf.zerosLike(seen), now));
      return { own, trained };
    }
    const known = tf.sum(tf.mul(own, trained), 1, true); // [batch, 1]
    const mean = tf.div(trained, tf.sum(trained));
    return { own: tf.add(tf.mul(own, known), tf.mul(tf.sub(1, known), mean)), trained };
  };
  return { count, context, read, weights: (_, call) => read(call).own };
}

const ITERATIONS = 3;
/** β, the share of a center that an iteration keeps. */
const KEPT = 0.9;
/** Products that differ by this share are equal, and the first counts. Centers may merge, and rounding would choose among them. */
const TIED = 1e-3;

/**
 * Parts by clusters of rows: the distribution adaptation module of AdaptDHM (Li et al. 2022). A row uses the part whose center c_j has the
 * largest product with it. Three times in a training step, c_j = normalize(β c_j + (1 − β) Σ_i softmax_j(x_i · c) x_i), β = .9, without a
 * gradient. Centers may merge, and one part then serves all rows.
 */
export function clusterParts(builder: ExpertBuilder, count: number): Parts {
  const { inputDim } = builder;
  const centers = builder.buffer('centers', count * inputDim, (shape, random) => {
    const drawn = random.normal(shape[0]!);
    return drawn.map((value, i) => {
      const first = i - (i % inputDim);
      return value / Math.hypot(...drawn.subarray(first, first + inputDim));
    });
  });
  const bank = centers.rank === 1 ? [] : [centers.shape[0]!];
  const unit = (x: tf.Tensor) => tf.div(x, tf.sqrt(tf.maximum(tf.sum(tf.square(x), -1, true), 1e-12)));
  return {
    count,
    weights(x, call) {
      const still = stopGradient(x);
      const rows = x.rank === 2 && bank.length > 0 ? tf.tile(tf.expandDims(still, 0), [bank[0]!, 1, 1]) : still;
      let now = tf.reshape(centers, [...bank, count, inputDim]) as tf.Tensor;
      const scores = () => tf.matMul(rows, now, false, true); // [(bank,) batch, count]
      if (call.training) {
        for (let i = 0; i < ITERATIONS; i++) {
          const sums = tf.matMul(tf.softmax(scores()), rows, true);
          now = unit(tf.add(tf.mul(now, KEPT), tf.mul(sums, 1 - KEPT)));
        }
        centers.assign(tf.reshape(now, centers.shape));
      }
      return detached(scores(), (found) => {
        const most = tf.max(found, -1, true);
        const near = tf.greaterEqual(found, tf.sub(most, tf.mul(tf.abs(most), TIED)));
        return tf.cast(tf.oneHot(tf.argMax(tf.cast(near, 'float32'), -1), count), 'float32');
      });
    },
  };
}
