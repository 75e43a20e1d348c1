import type { ForwardOptions, Losses } from '@polytask/core';
import * as tf from '@tensorflow/tfjs';

/** What sees, and may change, all that a forward pass hands on. */
export type Taps = Pick<ForwardOptions, 'experts' | 'lanes'>;

/** A forward pass, and one task's loss of it, times the task's weight. */
export interface Evaluation {
  evaluate(taps?: Taps): Losses;
  loss(losses: Losses, task: number): tf.Scalar;
  /** How many tasks. */
  readonly count: number;
}

/** The cut at the network's input. */
export const INPUT = 'input';

/**
 * Taps on all that crosses a cut through the network: what a level's experts give and the lanes that it keeps
 * (`levels.0`, …), or the network's `input`.
 *
 * @param visit is given each part with a name of its own, and says what goes on in its place
 */
const tapsAt = (cut: string, visit: <V extends tf.Tensor>(part: V, name: string) => V): Taps => ({
  experts: (outputs, level) => (level === cut ? visit(outputs, 'experts') : outputs),
  lanes: (vector, place, [lane]) => (place === cut ? visit(vector, `lane ${lane}`) : vector),
});

/** The values of all parts of a cut, in the order in which they come. */
export function partsAt(cut: string, { evaluate }: Evaluation): Map<string, tf.Tensor> {
  const parts = new Map<string, tf.Tensor>();
  evaluate(tapsAt(cut, (part, name) => (parts.set(name, part), part)));
  return parts;
}

/** Taps that put other values in the parts' places. */
export const inPlaceOf = (cut: string, values: ReadonlyMap<string, tf.Tensor>): Taps =>
  tapsAt(cut, <V extends tf.Tensor>(_: V, name: string) => values.get(name) as V);

/**
 * ∂L_i/∂Z for each task i, part by part, where Z is all that crosses the cut: by zeros that are added to
 * it, so that only what stands above it is passed backward.
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

/** A gradient's parts end to end, a task a row, [T, size of Z]. */
export const rowsOf = (gradients: readonly ReadonlyMap<string, tf.Tensor>[]): tf.Tensor2D =>
  tf.stack(
    gradients.map((parts) => tf.concat([...parts.values()].map((part) => tf.reshape(part, [-1])))),
  ) as tf.Tensor2D;

/** Which experts each task reaches: the largest number of ∂L_i/∂E_e, [T, experts of all levels]. */
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

/** Gradients of what a loss doesn't depend on are 0, and no error. */
const connected = (loss: tf.Scalar, shifts: readonly tf.Tensor[]): tf.Scalar =>
  tf.add(loss, tf.mul(0, tf.addN(shifts.map((shift) => tf.sum(shift))))) as tf.Scalar;
