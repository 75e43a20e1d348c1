import { fusion, type InputSpec, type NetworkSpec, defineInput, fail, pooledNumbers } from '@polytask/core';
import * as tf from '@tensorflow/tfjs-core';
import { defineNetwork } from './levels.ts';

const WIDEST = 20_000;

/**
 * The input of a logistic regression: the numbers, and one column for each value of each categorical field. It has no
 * parameters. The weights of a multi-valued feature or sequence are added up in its columns. Without embeddings there is no
 * attention, so `attention` counts the entries.
 *
 * @returns [batch, numeric + vocabulary + side columns of numbers]
 * @throws PolytaskError when the vocabulary has more than 20,000 entries, or a hashed feature has quotients
 * @example multiTaskModel({ schema, input: oneHot(), network: noFusion(), seed: 7 })
 */
export const oneHot = defineInput(
  'one-hot',
  ({ layout }) => {
    if (layout.vocabulary > WIDEST) {
      fail({
        expected: `at most ${WIDEST} categories for one-hot columns`,
        received: String(layout.vocabulary),
        fix: 'Use embed({ dimension: 1 }), or hash into fewer buckets.',
      });
    }
    if (layout.quotients > 0) {
      fail({
        expected: 'hashed features with a row for each bucket, for one-hot columns',
        received: 'a feature with quotients',
        fix: 'Use embed(), or hashed({ buckets }) without quotients.',
      });
    }
    return {
      outputDim: layout.numeric + layout.vocabulary + layout.places.filter(({ part }) => part === 'bagNumbers').length,
      apply({ numeric, ids, bagIds, bagWeights, bagNumbers }) {
        const batch = numeric.shape[0];
        const parts: tf.Tensor2D[] = layout.numeric > 0 ? [numeric] : [];
        if (layout.vocabulary > 0) {
          const places = tf.concat([ids, bagIds], 1); // [batch, fields + slots]
          const counts = tf.concat([tf.cast(tf.onesLike(ids), 'float32'), bagWeights], 1);
          // row indices, computed from the ids: tf.range would fix the batch size in a traced graph
          const rows = tf.cumsum(tf.add(tf.mul(places, tf.scalar(0, 'int32')), tf.scalar(1, 'int32')), 0, true);
          const at = tf.reshape(tf.stack([rows, places], 2), [-1, 2]);
          parts.push(tf.scatterND(at, tf.reshape(counts, [-1]), [batch, layout.vocabulary]) as tf.Tensor2D);
          parts.push(...pooledNumbers(layout, { bagNumbers }, bagWeights));
        }
        return parts.length === 1 ? parts[0]! : tf.concat(parts, 1);
      },
    };
  },
  { description: 'numbers, and a column for each category', package: '@polytask/baselines' },
);

/**
 * A network without fusion levels. Each task's tower reads the network's input; without towers, the heads read it.
 *
 * @example multiTaskModel({ schema, network: noFusion(), tower: mlp([32]), seed: 7 })
 */
export const noFusion = defineNetwork('no-fusion', () => fusion([]), {
  description: "no level: each task's head reads the network's input",
});

/**
 * A logistic regression per task (a linear regression for a regression task): a linear head on numbers and one-hot columns.
 * It is the simplest baseline. Spread the result into a model's declaration, and leave the tower out.
 *
 * @example multiTaskModel({ schema, ...logisticRegression(), seed: 7 })
 */
export const logisticRegression = (): { network: NetworkSpec; input: InputSpec } => ({
  network: noFusion(),
  input: oneHot(),
});
