import type { ForwardOptions, Losses } from '@polytask/core';
import * as tf from '@tensorflow/tfjs-core';

/** Functions that read, and may replace, the values between the parts of a network. */
export type Taps = Pick<ForwardOptions, 'experts' | 'lanes'>;

/** Evaluates a model on a batch. */
export interface Evaluation {
  /** Runs a forward pass. */
  evaluate(taps?: Taps): Losses;
  /** The loss of a task times the weight of the task. */
  loss(losses: Losses, task: number): tf.Scalar;
  /** The number of tasks. */
  readonly count: number;
}

/** The cut at the input of the network. */
export const INPUT = 'input';

/**
 * Taps on the values at a cut through the network. At a level (`levels.0`, …) the values are the outputs of the experts and
 * the lanes that the level keeps. At `input`, the value is the input of the network.
 *
 * @param visit gets each value with its name, and returns the value that replaces it
 */
const tapsAt = (cut: string, visit: <V extends tf.Tensor>(part: V, name: string) => V): Taps => ({
  experts: (outputs, level) => (level === cut ? visit(outputs, 'experts') : outputs),
  lanes: (vector, place, [lane]) => (place === cut ? visit(vector, `lane ${lane}`) : vector),
});

/** The values at a cut by name, in the order of the forward pass. */
function partsAt(cut: string, { evaluate }: Evaluation): Map<string, tf.Tensor> {
  const parts = new Map<string, tf.Tensor>();
  evaluate(tapsAt(cut, (part, name) => (parts.set(name, part), part)));
  return parts;
}

/** Taps that replace the values at a cut. */
export const inPlaceOf = (cut: string, values: ReadonlyMap<string, tf.Tensor>): Taps =>
  tapsAt(cut, <V extends tf.Tensor>(_: V, name: string) => values.get(name) as V);

/**
 * The gradients ∂L_i/∂Z of each task i, where Z are the values at the cut. Zeros are added to Z, and the gradients are with
 * respect to these zeros, so the backward pass ends at the cut.
 */
export function gradientsAt(cut: string, evaluation: Evaluation): Map<string, tf.Tensor>[] {
  const { evaluate, loss, count } = evaluation;
  const names = [...partsAt(cut, evaluation)].map(([name, { shape }]) => ({ name, zero: tf.zeros(shape) }));
  return Array.from({ length: count }, (_, task) => {
    const shifted = (...shifts: tf.Tensor[]): tf.Scalar => {
      const by = new Map(names.map(({ name }, i) => [name, shifts[i]!]));
      const taps = tapsAt(cut, (part, name) => tf.add(part, by.get(name)!));
      return connected(loss(evaluate(taps), task), shifts);
    };
    const gradients = tf.grads(shifted)(names.map(({ zero }) => zero));
    return new Map(names.map(({ name }, i) => [name, gradients[i]!]));
  });
}

/** Gradients as a matrix with a row for each task, [T, size of Z]. */
export const rowsOf = (gradients: readonly ReadonlyMap<string, tf.Tensor>[]): tf.Tensor2D =>
  tf.stack(
    gradients.map((parts) => tf.concat([...parts.values()].map((part) => tf.reshape(part, [-1])))),
  ) as tf.Tensor2D;

/** The largest absolute number of ∂L_i/∂E_e for task i and the output E_e of expert e, [T, experts of all levels]. */
export function expertReach(levels: number, { evaluate, loss, count }: Evaluation): tf.Tensor2D {
  const shapes = new Map<string, number[]>();
  evaluate({ experts: (outputs, level) => (shapes.set(level, outputs.shape), outputs) });
  const places = Array.from({ length: levels }, (_, l) => `levels.${l}`);
  const zeros = places.map((place) => tf.zeros(shapes.get(place)!));
  const rows = Array.from({ length: count }, (_, task) => {
    const shifted = (...shifts: tf.Tensor[]): tf.Scalar =>
      connected(
        loss(evaluate({ experts: (outputs, level) => tf.add(outputs, shifts[places.indexOf(level)]!) }), task),
        shifts,
      );
    return tf.concat(
      tf
        .grads(shifted)(zeros)
        .map((gradient) => tf.max(tf.abs(gradient), [1, 2])),
    );
  });
  return tf.stack(rows) as tf.Tensor2D;
}

/** Makes a loss depend on all shifts, so that TF.js returns gradients of 0 in place of an error. */
const connected = (loss: tf.Scalar, shifts: readonly tf.Tensor[]): tf.Scalar =>
  tf.add(loss, tf.mul(0, tf.addN(shifts.map((shift) => tf.sum(shift))))) as tf.Scalar;
