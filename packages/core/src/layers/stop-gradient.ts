import * as tf from '@tensorflow/tfjs';

/**
 * f(x) as a number that nothing flows back through: decisions (the largest k, rounding) that have no gradient, or whose
 * operations have none in TF.js.
 */
export const detached = (x: tf.Tensor, f: (x: tf.Tensor) => tf.Tensor): tf.Tensor =>
  tf.customGrad((...inputs) => {
    const [value, save] = inputs as unknown as [tf.Tensor, tf.GradSaveFunc];
    save([value]);
    return { value: f(value), gradFunc: (_dy: tf.Tensor, saved: tf.Tensor[]) => tf.zerosLike(saved[0]!) };
  })(x);

/** x, through which no gradient flows back. TF.js has no such operation. */
export const stopGradient = <T extends tf.Tensor>(x: T): T => detached(x, (value) => tf.clone(value)) as T;

/** Straight-through estimator (Bengio et al. 2013): the value of `hard` with the gradient of `soft`. */
export const straightThrough = (hard: tf.Tensor, soft: tf.Tensor): tf.Tensor =>
  tf.add(soft, stopGradient(tf.sub(hard, soft)));
