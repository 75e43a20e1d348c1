import * as tf from '@tensorflow/tfjs';
import { gradientsAt, inPlaceOf, rowsOf, type Evaluation } from './representation.ts';

/** Where a model's rotations stand: before the tasks' heads. */
const HEADS = 'heads';

export interface Rotated {
  readonly tasks: readonly string[];
  /** m: how many features of each lane are rotated. */
  readonly size: number;
}

/**
 * How gradients stand to each other at the representation Z, and how they pull at the tasks' rotations (RotoGrad: Javaloy &
 * Valera, ICLR 2022, section 3.2): `gramian` [T, T] of G_k = ∂L_k/∂Z, and `pulls` [T, m, m], M_k = p_kᵀ (J_k V)/‖G_k‖. p_k is the
 * gradient of task k's lane before its rotation, J_k what makes the lane of Z, so that G_k = J_kᵀ p_k; V is the mean of the
 * gradients at length 1. Where all heads read Z itself, J_k = 1 and M_k = U_kᵀ V, the paper's.
 *
 * J_k must be linear: J_k V is then the lane that comes of V in the place of Z.
 */
export function alignment(
  cut: string,
  { tasks, size }: Rotated,
  evaluation: Evaluation,
): { gramian: tf.Tensor; pulls: tf.Tensor } {
  const gradients = gradientsAt(cut, evaluation);
  const rows = rowsOf(gradients);
  const norms = tf.sqrt(tf.sum(tf.square(rows), 1, true)); // [T, 1]
  const present = tf.cast(tf.greater(norms, 0), 'float32');
  const lengths = tf.add(norms, tf.sub(1, present)); // of a task without a gradient: 1
  const mean = tf.div(tf.sum(tf.div(rows, lengths), 0), tf.maximum(tf.sum(present), 1)) as tf.Tensor1D;
  const lanes = headLanes(evaluation, inPlaceOf(cut, apart(mean, gradients[0]!)));
  const pulls = tasks.map((task, k) => {
    const own = tf.div(first(laneGradient(task, k, evaluation), size), tf.slice(lengths, [k, 0], [1, 1]));
    return tf.matMul(own, first(lanes.get(task)!, size), true, false);
  });
  return { gramian: tf.matMul(rows, rows, false, true), pulls: tf.stack(pulls) };
}

/** A vector as the parts that it was put together from. */
function apart(vector: tf.Tensor1D, like: ReadonlyMap<string, tf.Tensor>): Map<string, tf.Tensor> {
  let from = 0;
  return new Map(
    [...like].map(([name, { shape, size }]) => [
      name,
      tf.reshape(tf.slice(vector, (from += size) - size, size), shape),
    ]),
  );
}

/** What the heads would read, before it is rotated, [batch, d] by lane. */
function headLanes({ evaluate }: Evaluation, taps: ReturnType<typeof inPlaceOf>): Map<string, tf.Tensor2D> {
  const found = new Map<string, tf.Tensor2D>();
  evaluate({
    ...taps,
    lanes(vector, place, lanes) {
      const given = taps.lanes!(vector, place, lanes);
      if (place === HEADS) for (const lane of lanes) found.set(lane, given);
      return given;
    },
  });
  return found;
}

/** p_k, [batch, d]. */
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
