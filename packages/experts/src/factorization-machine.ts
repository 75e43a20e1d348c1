import * as tf from '@tensorflow/tfjs-core';
import { optional, wholeNumber, type FromDescription, type Written } from '@polytask/components';
import { defineExpert, dense, linear, normal, type ExpertSpec } from '@polytask/core';

const options = {
  /** Width of the output, with one machine per output. */
  units: wholeNumber(1),
  /** Length of the factor vector of each input. */
  factors: optional(wholeNumber(1), 8),
};

export interface FactorizationMachineOptions extends Written<typeof options>, FromDescription {}

/**
 * Factorization machine (Rendle, ICDM'10, eq. 1 and lemma 3.1), one per output:
 * y = w_0 + Σ_i w_i x_i + Σ_{i<j} <v_i, v_j> x_i x_j. The last sum is computed as ½ Σ_f ((Σ_i v_if x_i)² − Σ_i v_if² x_i²).
 * v starts from N(0, 0.01²). Shapes: [batch, inputDim] → [batch, units].
 *
 * @throws PolytaskError when a number is not a positive whole number, or an option is unknown
 * @example factorizationMachine({ units: 32, factors: 4 })
 */
export const factorizationMachine: (config: FactorizationMachineOptions) => ExpertSpec = defineExpert(
  'factorisation-machine',
  (builder, { units, factors }) => {
    const { inputDim } = builder;
    const affine = dense(builder, { inputDim, units });
    const v = builder.weight('factors', [inputDim, units * factors], normal(0.01));
    return {
      outputDim: units,
      apply(x, call) {
        const squareOfSums = tf.square(linear(x, v, undefined, call.shared));
        const sumOfSquares = linear(tf.square(x), tf.square(v));
        const pairs = tf.sub(squareOfSums, sumOfSquares); // [(bank,) batch, units × factors]
        const sums = tf.sum(tf.reshape(pairs, [...pairs.shape.slice(0, -1), units, factors]), -1);
        return tf.add(affine(x, call), tf.mul(sums, 0.5));
      },
    };
  },
  {
    description: 'an affine map and the products of all pairs of inputs',
    paper: 'Rendle, ICDM 2010, eq. 1',
    package: '@polytask/experts',
    variants: { 'factorization-machine': { layer: (units) => ({ units }) } },
    options,
  },
);
