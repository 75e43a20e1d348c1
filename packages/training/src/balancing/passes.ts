import {
  stackLosses,
  withRandomTensors,
  type BatchTensors,
  type Draw,
  type Losses,
  type MultiTaskModel,
  type Tasks,
} from '@polytask/core';
import * as tf from '@tensorflow/tfjs';
import { alignment } from './alignment.ts';
import type { Part, PassKind } from './pass-contract.ts';
import { expertReach, gradientsAt, rowsOf, type Evaluation, type Taps } from './representation.ts';

/** Passes that look at the model, not at a batch. */
const PROBES: readonly PassKind[] = ['reach', 'sharing'];

/** Whether running statistics move with a pass. */
export const updatesBuffers = (kind: PassKind): boolean => kind === 'weighted' || kind === 'jacobian';

export interface PassOptions {
  /** [T], for `weighted`. */
  readonly weights?: tf.Tensor1D | undefined;
  /** For `jacobian`. */
  readonly shared?: readonly Part[] | undefined;
  /** For `representation` and `rotations`. */
  readonly cut?: string | undefined;
  /** The random tensor of the draw with this number; asked for once for each backward pass. */
  provide(draw: Draw, index: number): tf.Tensor;
}

export interface Pass {
  readonly tensors: Readonly<Record<string, tf.Tensor>>;
  /** Names of the losses that the model adds. */
  readonly auxiliary: readonly string[];
}

/**
 * Runs a pass as TF.js operations, on any backend and in a trace; call it in a `tf.tidy`. However many backward passes it
 * takes, random numbers are the same in all of them and running statistics move once, and by the last two kinds only.
 */
export function runPass<T extends Tasks>(
  model: MultiTaskModel<T>,
  batch: BatchTensors,
  kind: PassKind,
  options: PassOptions,
): Pass {
  const { weights, shared = [], cut, provide } = options;
  const variables = model.store.trainable().map(({ variable }) => variable);
  const buffers = model.store
    .all()
    .flatMap(({ variable, trainable }) => (trainable ? [] : [{ variable, before: tf.clone(variable) }]));
  const names = model.taskNames;
  const counts = names.map((name) => model.schema.tasks[name]!.weight ?? 1);
  let numbers: tf.Tensor | undefined;
  let auxiliary: readonly string[] = [];

  const reset = () => buffers.forEach(({ variable, before }) => variable.assign(before));
  const evaluate = (taps: Taps = {}): Losses<T> => {
    if (numbers) reset();
    let index = 0;
    const losses = withRandomTensors(
      (draw) => provide(draw, index++),
      () => model.losses(batch, { training: !PROBES.includes(kind), ...taps }),
    );
    auxiliary = Object.keys(losses.auxiliary);
    numbers ??= tf.keep(stackLosses(losses));
    return losses;
  };
  const loss = (losses: Losses<T>, i: number) => tf.mul(losses.tasks[names[i]!], counts[i]!) as tf.Scalar;
  const evaluation = { evaluate, loss, count: names.length } as unknown as Evaluation; // of a model whose tasks are strings
  const gradients = (of: (losses: Losses<T>) => tf.Scalar): tf.Tensor[] => {
    const { grads } = tf.variableGrads(() => of(evaluate()), variables);
    return variables.map((variable) => grads[variable.name] ?? tf.zerosLike(variable));
  };

  const found = () => {
    switch (kind) {
      case 'losses':
        evaluate();
        return {};
      case 'reach':
        return { reach: tf.stack(names.map((_, i) => largest(gradients((losses) => loss(losses, i))))) };
      case 'representation':
        return { gramian: products(rowsOf(gradientsAt(cut!, evaluation))) };
      case 'rotations':
        return alignment(cut!, { tasks: names, size: model.rotations!.size }, evaluation);
      case 'sharing':
        return { sharing: expertReach(model.network.levels.length, evaluation) };
      case 'weighted': {
        const w = names.map((_, i) => tf.reshape(tf.slice(weights!, i, 1), []));
        const sum = (losses: Losses<T>) => added(names.map((_, i) => tf.mul(loss(losses, i), w[i]!)));
        return { gradients: flat(gradients(sum)) };
      }
      case 'jacobian': {
        const rows = names.map((_, i) => gradients((losses) => loss(losses, i)));
        const jacobian = tf.stack(rows.map((row) => picked(flat(row), shared))) as tf.Tensor2D;
        return {
          jacobian,
          gramian: products(jacobian),
          gradients: flat(variables.map((_, v) => added(rows.map((row) => row[v]!)))),
        };
      }
    }
  };
  const updates = updatesBuffers(kind);
  // 0 · L connects what depends on no parameter
  const own = (losses: Losses<T>) => added([...Object.values(losses.auxiliary), tf.mul(0, losses.total)]);
  try {
    const numbersOfKind = found();
    const more = updates && auxiliary.length > 0 ? { auxiliary: flat(gradients(own)) } : {};
    if (!updates) reset();
    return { tensors: { losses: numbers!, ...numbersOfKind, ...more }, auxiliary };
  } catch (error) {
    numbers?.dispose();
    throw error;
  }
}

const products = (rows: tf.Tensor2D): tf.Tensor => tf.matMul(rows, rows, false, true);

/** Of each slice along the first side, end to end. */
const largest = (tensors: readonly tf.Tensor[]): tf.Tensor =>
  tf.concat(tensors.map((tensor) => tf.max(tf.reshape(tf.abs(tensor), [tensor.shape[0] ?? 1, -1]), 1)));

const flat = (tensors: readonly tf.Tensor[]): tf.Tensor => tf.concat(tensors.map((tensor) => tf.reshape(tensor, [-1])));

const added = (tensors: readonly tf.Tensor[]): tf.Scalar =>
  tensors.reduce((sum, each) => tf.add(sum, each)) as tf.Scalar;

const picked = (vector: tf.Tensor, parts: readonly Part[]): tf.Tensor =>
  tf.concat(parts.map(({ from, size }) => tf.slice(vector, from, size)));
