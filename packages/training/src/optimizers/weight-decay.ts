import * as tf from '@tensorflow/tfjs';

/** L2 regularisation as PyTorch's `weight_decay` has it: the gradient of ½ · decay · ‖parameter‖² is added. */
export const withDecay = (gradient: tf.Tensor, parameter: tf.Tensor, decay: tf.Tensor | undefined): tf.Tensor =>
  decay ? tf.add(gradient, tf.mul(parameter, decay)) : gradient;
