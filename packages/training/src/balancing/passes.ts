import {
  lossesOf,
  withRandomTensors,
  taskLossAt,
  type BatchTensors,
  type Draw,
  type Losses,
  type MultiTaskModel,
  type Tasks,
} from '@polytask/core';
import { stackLosses } from '@polytask/core/internal';
import * as tf from '@tensorflow/tfjs-core';
import { alignment } from './alignment.ts';
import type { Part, PassKind, PassRequest } from '../steps/flat-step.ts';
import { expertReach, gradientsAt, rowsOf, type Evaluation, type Taps } from './representation.ts';

/** The passes that test the model, with a batch of random rows. */
const PROBES: readonly PassKind[] = ['reach', 'sharing'];

/** Whether a pass updates the running statistics. */
export const updatesBuffers = (kind: PassKind): boolean => kind === 'weighted' || kind === 'jacobian';

export interface PassOptions extends Pick<PassRequest, 'shared' | 'cut'> {
  /** The gathered rows of tables, which the batch reads. Their gradients follow those of the parameters. */
  readonly tables?: readonly tf.Variable[];
  /** The weights of the tasks [T], for `weighted`. */
  readonly weights?: tf.Tensor1D | undefined;
  /** The random tensor of the draw with this index. Each backward pass requests the tensor again. */
  provide(draw: Draw, index: number): tf.Tensor;
}

export interface Pass {
  readonly tensors: Readonly<Record<string, tf.Tensor>>;
  /** The names of the auxiliary losses. */
  readonly auxiliary: readonly string[];
}

/**
 * Runs a pass as TF.js operations, on any backend or in a trace. Call this function in a `tf.tidy`. All backward passes of a
 * pass use the same random numbers. The running statistics change once, for `weighted` and `jacobian` only.
 */
export function runPass<T extends Tasks>(
  model: MultiTaskModel<T>,
  batch: BatchTensors,
  kind: PassKind,
  { tables = [], weights, shared = [], cut, provide }: PassOptions,
): Pass {
  const variables = [...model.store.trainable().map(({ variable }) => variable), ...tables];
  const buffers = model.store
    .all()
    .flatMap(({ variable, trainable }) => (trainable ? [] : [{ variable, before: tf.clone(variable) }]));
  const names = model.taskNames;
  const counts = names.map((name) => model.schema.tasks[name]!.weight ?? 1);
  let numbers: tf.Tensor | undefined;
  let auxiliary: readonly string[] = [];

  const reset = () => buffers.forEach(({ variable, before }) => variable.assign(before));
  const evaluate = (taps: Taps = {}): Losses => {
    if (numbers) reset();
    let index = 0;
    const losses = withRandomTensors(
      (draw) => provide(draw, index++),
      () => lossesOf(model, batch, { training: !PROBES.includes(kind), opened: PROBES.includes(kind), ...taps }),
    );
    auxiliary = Object.keys(losses.auxiliary);
    numbers ??= tf.keep(stackLosses(losses));
    return losses;
  };
  const loss = (losses: Losses, i: number) => tf.mul(taskLossAt(losses, i), counts[i]!) as tf.Scalar;
  const evaluation: Evaluation = { evaluate, loss, count: names.length };
  const gradients = (of: (losses: Losses) => tf.Scalar): tf.Tensor[] => {
    const { grads } = tf.variableGrads(() => of(evaluate()), variables);
    return variables.map((variable) => grads[variable.name] ?? tf.zerosLike(variable));
  };

  const resultsOfKind = () => {
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
        const sum = (losses: Losses) => added(names.map((_, i) => tf.mul(loss(losses, i), w[i]!)));
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
  // 0 · L gives parameters that the auxiliary losses don't depend on a gradient of 0
  const own = (losses: Losses) => added([...Object.values(losses.auxiliary), tf.mul(0, losses.total)]);
  try {
    const results = resultsOfKind();
    const auxiliaryGradients = updates && auxiliary.length > 0 ? { auxiliary: flat(gradients(own)) } : {};
    if (!updates) reset();
    return { tensors: { losses: numbers!, ...results, ...auxiliaryGradients }, auxiliary };
  } catch (error) {
    numbers?.dispose();
    throw error;
  }
}

const products = (rows: tf.Tensor2D): tf.Tensor => tf.matMul(rows, rows, false, true);

/** The largest absolute number of each slice along the first dimension, end to end. */
const largest = (tensors: readonly tf.Tensor[]): tf.Tensor =>
  tf.concat(tensors.map((tensor) => tf.max(tf.reshape(tf.abs(tensor), [tensor.shape[0] ?? 1, -1]), 1)));

const flat = (tensors: readonly tf.Tensor[]): tf.Tensor => tf.concat(tensors.map((tensor) => tf.reshape(tensor, [-1])));

const added = (tensors: readonly tf.Tensor[]): tf.Scalar =>
  tensors.reduce((sum, each) => tf.add(sum, each)) as tf.Scalar;

const picked = (vector: tf.Tensor, parts: readonly Part[]): tf.Tensor =>
  tf.concat(parts.map(({ from, size }) => tf.slice(vector, from, size)));
