import * as tf from '@tensorflow/tfjs-core';
import { fail, shown, suggestion } from '@polytask/components';

const ACTIVATIONS = {
  linear: (x: tf.Tensor) => x,
  relu: (x: tf.Tensor) => tf.relu(x),
  leakyRelu: (x: tf.Tensor) => tf.leakyRelu(x),
  elu: (x: tf.Tensor) => tf.elu(x),
  gelu: (x: tf.Tensor) => tf.mul(x, tf.mul(0.5, tf.add(1, tf.erf(tf.mul(x, Math.SQRT1_2))))),
  swish: (x: tf.Tensor) => tf.mul(x, tf.sigmoid(x)),
  sigmoid: (x: tf.Tensor) => tf.sigmoid(x),
  tanh: (x: tf.Tensor) => tf.tanh(x),
  softplus: (x: tf.Tensor) => tf.softplus(x),
} as const;

/** The name of an activation function. */
export type Activation = keyof typeof ACTIVATIONS;

export const ACTIVATION_NAMES = Object.keys(ACTIVATIONS) as Activation[];

/**
 * Returns the activation function of this name. It works elementwise, on any shape.
 *
 * @throws PolytaskError with a suggestion when the name is unknown
 * @example activation('relu')(tf.tensor1d([-1, 2])) // [0, 2]
 */
export function activation(name: Activation): (x: tf.Tensor) => tf.Tensor {
  if (Object.hasOwn(ACTIVATIONS, name)) return ACTIVATIONS[name];
  return fail({
    expected: 'the name of an activation',
    received: shown(name),
    fix: suggestion(name, ACTIVATION_NAMES),
  });
}
