import * as tf from '@tensorflow/tfjs-core';
import { checks } from '@polytask/core';
import { defineOptimizer } from '@polytask/training';

const { notNegative, number, optional } = checks;

const options = {
  /** Decay of the mean of gradients, in [0, 1). */
  momentum: optional(number({ from: 0, below: 1 }), 0.95),
  /** The rate of Adam for what is no matrix, such as biases, as a share of the learning rate. */
  others: optional(notNegative, 0.05),
};

/** The products X → a X + (b A + c A²) X with A = X Xᵀ, after which all singular values are near 1. */
const [STEPS, A, B, C] = [5, 3.4445, -4.775, 2.0315];

/** Of a matrix U S Vᵀ, about U Vᵀ, by Newton and Schulz's iteration. [(experts,) rows, columns] */
export function orthogonalized(g: tf.Tensor): tf.Tensor {
  const isTall = g.shape.at(-2)! > g.shape.at(-1)!;
  const product = (x: tf.Tensor, y: tf.Tensor, transposed = false) => tf.matMul(x, y, false, transposed);
  const norm = tf.sqrt(tf.sum(tf.square(g), [-2, -1], true));
  const unit = tf.div(g, tf.add(norm, 1e-7));
  const axes = [...g.shape.keys()];
  const turned = (x: tf.Tensor) => tf.transpose(x, [...axes.slice(0, -2), axes.at(-1)!, axes.at(-2)!]);
  let x = isTall ? turned(unit) : unit; // the smaller square
  for (let step = 0; step < STEPS; step++) {
    const square = product(x, x, true);
    const both = tf.add(tf.mul(B, square), tf.mul(C, product(square, square)));
    x = tf.add(tf.mul(A, x), product(both, x));
  }
  return isTall ? turned(x) : x;
}

/**
 * Muon (Jordan et al. 2024): the momentum of each weight matrix, orthogonalized. What is no matrix has Adam's step.
 *
 *     m = μ m + g        W = W − lr · √max(1, in / out) · orthogonal(g + μ m)
 *
 * Its rule has norms and matrix products, so it says that it needs the eager engine.
 *
 * @param learningRate a number or a schedule; default 0.02
 * @throws PolytaskError when an option is unknown or out of range
 * @example await fit(model, train, { optimizer: muon(0.02) });
 */
export const muon = defineOptimizer(
  'example/muon',
  {
    engine: 'eager',
    slots: () => ({ m: 0, v: 0 }),
    coefficients: ({ momentum, others }, { step, learningRate }) => ({
      learningRate,
      momentum,
      adamRate: (learningRate * others * Math.sqrt(1 - 0.999 ** step)) / (1 - momentum ** step),
    }),
    update({ parameter, gradient, slots }, { learningRate, momentum, adamRate }, { add, div, mul, sqrt, square, sub }) {
      const [rows = 1, columns = 1] = parameter.shape.slice(-2);
      if (rows > 1 && columns > 1 && parameter.rank > 1) {
        const m = add(mul(slots['m']!, momentum!), gradient);
        const step = orthogonalized(add(gradient, mul(m, momentum!)));
        const scale = Math.sqrt(Math.max(1, rows / columns));
        return { parameter: sub(parameter, mul(mul(step, scale), learningRate!)), slots: { m, v: slots['v']! } };
      }
      const m = add(mul(slots['m']!, momentum!), mul(gradient, sub(1, momentum!)));
      const v = add(mul(slots['v']!, 0.999), mul(square(gradient), 0.001));
      return { parameter: sub(parameter, div(mul(m, adamRate!), add(sqrt(v), 1e-8))), slots: { m, v } };
    },
  },
  {
    description: 'orthogonalized momentum of each weight matrix',
    paper: 'Jordan et al. 2024, "Muon: an optimizer for hidden layers in neural networks"',
    learningRate: 0.02,
    options,
  },
);
