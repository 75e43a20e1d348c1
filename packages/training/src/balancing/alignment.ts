import * as tf from '@tensorflow/tfjs-core';
import { gradientsAt, inPlaceOf, rowsOf, type Evaluation } from './representation.ts';

/** The position of the rotations: before the heads of the tasks. */
const HEADS = 'heads';

/**
 * The Gramian of the gradients at the representation Z, and their pulls at the rotations of the tasks (RotoGrad: Javaloy &
 * Valera, ICLR 2022, section 3.2). `gramian` [T, T] is of G_k = ∂L_k/∂Z. `pulls` [T, m, m] are M_k = p_kᵀ (J_k V)/‖G_k‖.
 *
 * - p_k is the gradient of the lane of task k before its rotation
 * - J_k is the linear map from Z to this lane, so G_k = J_kᵀ p_k
 * - V is the mean of the normalized gradients
 *
 * When all heads read Z itself, J_k = 1 and M_k = U_kᵀ V, as in the paper. J_k V is the lane of a forward pass with V in place
 * of Z.
 */
export function alignment(
  cut: string,
  { tasks, size }: { readonly tasks: readonly string[]; readonly size: number }, // m rotated features of each lane
  evaluation: Evaluation,
): { gramian: tf.Tensor; pulls: tf.Tensor } {
  const gradients = gradientsAt(cut, evaluation);
  const rows = rowsOf(gradients);
  const norms = tf.sqrt(tf.sum(tf.square(rows), 1, true)); // [T, 1]
  const present = tf.cast(tf.greater(norms, 0), 'float32');
  const lengths = tf.add(norms, tf.sub(1, present)); // 1 for a task without a gradient
  const mean = tf.div(tf.sum(tf.div(rows, lengths), 0), tf.maximum(tf.sum(present), 1)) as tf.Tensor1D;
  const lanes = headLanes(evaluation, inPlaceOf(cut, apart(mean, gradients[0]!)));
  const pulls = tasks.map((task, k) => {
    const own = tf.div(first(laneGradient(task, k, evaluation), size), tf.slice(lengths, [k, 0], [1, 1]));
    return tf.matMul(own, first(lanes.get(task)!, size), true, false);
  });
  return { gramian: tf.matMul(rows, rows, false, true), pulls: tf.stack(pulls) };
}

/** Splits a vector into parts with the names and shapes of `like`. */
function apart(vector: tf.Tensor1D, like: ReadonlyMap<string, tf.Tensor>): Map<string, tf.Tensor> {
  let from = 0;
  return new Map(
    [...like].map(([name, { shape, size }]) => [
      name,
      tf.reshape(tf.slice(vector, (from += size) - size, size), shape),
    ]),
  );
}

/** The lanes before their rotation, [batch, d], by task. */
function headLanes({ evaluate }: Evaluation, taps: ReturnType<typeof inPlaceOf>): Map<string, tf.Tensor2D> {
  const lanesByTask = new Map<string, tf.Tensor2D>();
  evaluate({
    ...taps,
    lanes(vector, place, lanes) {
      const lane = taps.lanes!(vector, place, lanes);
      if (place === HEADS) for (const task of lanes) lanesByTask.set(task, lane);
      return lane;
    },
  });
  return lanesByTask;
}

/** The gradient p_k of the lane of task k, [batch, d]. */
function laneGradient(task: string, k: number, { evaluate, loss }: Evaluation): tf.Tensor2D {
  const shape: number[] = [];
  evaluate({
    lanes: (vector, place, lanes) => (place === HEADS && lanes.includes(task) && shape.push(...vector.shape), vector),
  });
  const shifted = (by: tf.Tensor) =>
    loss(
      evaluate({
        lanes: (vector, place, lanes) => (place === HEADS && lanes.includes(task) ? tf.add(vector, by) : vector),
      }),
      k,
    );
  return tf.grad(shifted)(tf.zeros(shape)) as tf.Tensor2D;
}

const first = (x: tf.Tensor2D, size: number): tf.Tensor2D => tf.slice(x, [0, 0], [x.shape[0], size]);
