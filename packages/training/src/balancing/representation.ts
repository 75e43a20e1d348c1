import type { ForwardOptions, Losses } from '@polytask/core';
import * as tf from '@tensorflow/tfjs-core';

export type Taps = Pick<ForwardOptions, 'experts' | 'lanes'>;

export interface Evaluation {
  evaluate(taps?: Taps): Losses;
  loss(losses: Losses, task: number): tf.Scalar;
  readonly count: number;
}

export const INPUT = 'input';

/** Taps that call a function with some values, and go on with what it gives. */
type Tapping = (visit: <V extends tf.Tensor>(value: V, name: string) => V) => Taps;

/** Visits the values at a cut: at a level, the outputs of the experts and the lanes that it keeps; at `input`, the network's input. */
const tapsAt =
  (cut: string): Tapping =>
  (visit) => ({
    experts: (outputs, level) => (level === cut ? visit(outputs, 'experts') : outputs),
    lanes: (vector, place, [lane]) => (place === cut ? visit(vector, `lane ${lane}`) : vector),
  });

/** The gradients of each task's loss with respect to zeros that are added to the visited values: so the backward pass ends at these. */
function gradientsOf(
  tapping: Tapping,
  { evaluate, loss, count }: Evaluation,
  tasks = Array.from({ length: count }, (_, task) => task),
): Map<string, tf.Tensor>[] {
  const shapes = new Map<string, number[]>();
  evaluate(tapping((value, name) => (shapes.set(name, value.shape), value)));
  const [names, zeros] = [[...shapes.keys()], [...shapes.values()].map((shape) => tf.zeros(shape))];
  return tasks.map((task) => {
    const shifted = (...shifts: tf.Tensor[]): tf.Scalar => {
      const taps = tapping((value, name) => tf.add(value, shifts[names.indexOf(name)]!));
      return connected(loss(evaluate(taps), task), shifts);
    };
    const gradients = tf.grads(shifted)(zeros);
    return new Map(names.map((name, i) => [name, gradients[i]!]));
  });
}

/** The gradients ∂L_i/∂Z of each task i at the cut. */
export const gradientsAt = (cut: string, evaluation: Evaluation): Map<string, tf.Tensor>[] =>
  gradientsOf(tapsAt(cut), evaluation);

export const flat = (tensors: readonly tf.Tensor[]): tf.Tensor =>
  tf.concat(tensors.map((tensor) => tf.reshape(tensor, [-1])));

export const rowsOf = (gradients: readonly ReadonlyMap<string, tf.Tensor>[]): tf.Tensor2D =>
  tf.stack(gradients.map((parts) => flat([...parts.values()]))) as tf.Tensor2D;

export const products = (rows: tf.Tensor2D): tf.Tensor => tf.matMul(rows, rows, false, true);

/** The largest absolute number of ∂L_i/∂E_e for task i and the output E_e of expert e, [T, experts of all levels]. */
export function expertReach(levels: number, evaluation: Evaluation): tf.Tensor2D {
  const rows = gradientsOf((visit) => ({ experts: visit }), evaluation).map((gradients) => {
    const byLevel = Array.from({ length: levels }, (_, l) => gradients.get(`levels.${l}`)!);
    return tf.concat(byLevel.map((gradient) => tf.max(tf.abs(gradient), [1, 2])));
  });
  return tf.stack(rows) as tf.Tensor2D;
}

/** Makes a loss depend on all shifts, so that TF.js returns gradients of 0 in place of an error. */
const connected = (loss: tf.Scalar, shifts: readonly tf.Tensor[]): tf.Scalar =>
  tf.add(loss, tf.mul(0, tf.addN(shifts.map((shift) => tf.sum(shift))))) as tf.Scalar;

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
  const values = apart(mean, gradients[0]!);
  const inPlaceOf = tapsAt(cut)(<V extends tf.Tensor>(_: V, name: string) => values.get(name) as V);
  const lanes = headLanes(evaluation, inPlaceOf);
  const pulls = tasks.map((task, k) => {
    const own = tf.div(first(laneGradient(task, k, evaluation), size), tf.slice(lengths, [k, 0], [1, 1]));
    return tf.matMul(own, first(lanes.get(task)!, size), true, false);
  });
  return { gramian: products(rows), pulls: tf.stack(pulls) };
}

function apart(vector: tf.Tensor1D, like: ReadonlyMap<string, tf.Tensor>): Map<string, tf.Tensor> {
  let from = 0;
  return new Map(
    [...like].map(([name, { shape, size }]) => [
      name,
      tf.reshape(tf.slice(vector, (from += size) - size, size), shape),
    ]),
  );
}

function headLanes({ evaluate }: Evaluation, taps: Taps): Map<string, tf.Tensor2D> {
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

function laneGradient(task: string, k: number, evaluation: Evaluation): tf.Tensor2D {
  const tapping: Tapping = (visit) => ({
    lanes: (vector, place, lanes) => (place === HEADS && lanes.includes(task) ? visit(vector, task) : vector),
  });
  return gradientsOf(tapping, evaluation, [k])[0]!.get(task) as tf.Tensor2D;
}

const first = (x: tf.Tensor2D, size: number): tf.Tensor2D => tf.slice(x, [0, 0], [x.shape[0], size]);
