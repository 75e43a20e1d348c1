import { fail, flag, optional, positive, wholeNumber, type FromDescription, type Written } from '@polytask/components';
import * as tf from '@tensorflow/tfjs-core';
import { defineInput, type InputSpec } from '../inputs/input.ts';
import { slotsOf } from '../inputs/pooling.ts';
import { linear } from '../layers/dense.ts';
import { normal, uniform } from '../parameters/initializers.ts';

const options = {
  /** How many frequencies each feature learns. */
  frequencies: optional(wholeNumber(1), 16),
  /** The frequencies start as N(0, deviation²), per standard deviation of the feature. Tune it first, from 0.01 to 1. */
  deviation: optional(positive, 0.1),
  /** The width of a number's vector. */
  dimension: optional(wholeNumber(1), 8),
  /** Whether all features share one linear map, as in PLR (lite). */
  lite: optional(flag, false),
};

export interface PeriodicOptions extends Written<typeof options>, FromDescription {}

/**
 * Turns each `numeric` feature x into a vector, relu(W [sin 2πcx, cos 2πcx, m] + b) with learned frequencies c (PLR:
 * Gorishniy et al., NeurIPS 2022, section 3.3). The m is 1 where the value of a feature with an `indicator` is missing, so a
 * missing value has a vector that no number has. Vectors and the numbers of other kinds follow as they are. It is the part of
 * {@link embed} that reads numbers.
 *
 * @returns [batch, numeric features × dimension + other numbers]
 * @throws PolytaskError when an option is unknown or doesn't fit, and when it is to read a feature that has no numbers
 * @example multiTaskModel({ schema, input: embed({ numbers: periodic({ frequencies: 32 }) }), network, seed: 7 })
 */
export const periodic: (config?: PeriodicOptions) => InputSpec = defineInput(
  'periodic',
  ({ layout: { places, numeric: columns }, ...scope }, { frequencies, deviation, dimension, lite }) => {
    const id = places.find(({ part }) => part !== 'numeric');
    if (id) {
      fail({
        expected: 'features of numbers for periodic',
        received: `"${id.name}", a ${id.feature.kind} feature`,
        fix: 'Pass input: embed({ numbers: periodic() }).',
      });
    }
    const scaled = places.filter(({ form }) => form.type === 'numbers' && form.scale);
    const others = places.filter((place) => !scaled.includes(place));
    const count = scaled.length;
    let outputDim = 0;
    const features = new Map(
      [...scaled, ...others].map((place) => {
        const width = others.includes(place) ? place.width : dimension;
        return [place.name, { from: (outputDim += width) - width, width }];
      }),
    );
    if (count === 0) return { outputDim, features, apply: ({ numeric }) => numeric };

    /** [features, columns], 1 at the column of each feature. */
    const picked = (of: readonly (number | undefined)[]) =>
      scope.constant(
        of.flatMap((column) => Array.from({ length: columns }, (_, c) => Number(c === column))),
        [count, columns],
      );
    const values = picked(scaled.map(({ column }) => column));
    const missing = scaled.some(({ width }) => width > 1)
      ? picked(scaled.map(({ column, width }) => (width > 1 ? column + 1 : undefined)))
      : undefined;
    const inner = 2 * frequencies + (missing ? 1 : 0);
    const start = uniform(1 / Math.sqrt(inner));
    const c = scope.weight('frequencies', [count, 1, frequencies], normal(deviation));
    const kernel = scope.weight('kernel', lite ? [inner, dimension] : [count, inner, dimension], start);
    const bias = scope.weight('bias', lite ? [dimension] : [count, 1, dimension], start);
    return {
      outputDim,
      features,
      apply({ numeric }) {
        const turned = tf.transpose(numeric);
        const each = (pick: tf.Tensor) => tf.expandDims(tf.matMul(pick, turned), 2); // [features, batch, 1]
        const angles = tf.mul(each(values), tf.mul(c, 2 * Math.PI)); // [features, batch, frequencies]
        const waves = tf.concat([tf.sin(angles), tf.cos(angles), ...(missing ? [each(missing)] : [])], 2);
        const vectors = tf.transpose(tf.relu(linear(waves, kernel, bias)), [1, 0, 2]); // [batch, features, dimension]
        const flat: tf.Tensor2D = tf.reshape(vectors, [numeric.shape[0], count * dimension]);
        return others.length === 0 ? flat : tf.concat([flat, ...others.map((place) => slotsOf(numeric, place))], 1);
      },
    };
  },
  {
    description: 'numbers as learned periodic vectors, for embed({ numbers })',
    paper: 'Gorishniy et al., NeurIPS 2022, section 3.3',
    package: '@polytask/core/features',
    options,
  },
);
