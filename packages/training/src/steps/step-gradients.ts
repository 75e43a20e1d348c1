import { lossesOf, stackLosses, type BatchTensors, type MultiTaskModel, type Tasks } from '@polytask/core';
import * as tf from '@tensorflow/tfjs-core';
import { clipped, type ClipOptions } from '../optimizers/clip.ts';

/** The losses and gradients of a step without a balancer. */
export interface StepGradients {
  /** [tasks + auxiliary + 1], kept beyond a `tf.tidy` */
  readonly losses: tf.Tensor1D;
  /** The names of the auxiliary losses, in their order. */
  readonly auxiliary: readonly string[];
  /** The gradients of all parameters after clipping, and then those of the gathered rows of tables. */
  readonly gradients: readonly tf.Tensor[];
}

/**
 * Computes the losses of a step and the clipped gradients of their sum, on any backend or in a trace. Call this function in a
 * `tf.tidy`.
 *
 * @param tables the gathered rows of tables, which the batch reads
 */
export function stepGradients<T extends Tasks>(
  model: MultiTaskModel<T>,
  batch: BatchTensors,
  tables: readonly tf.Variable[],
  clip: ClipOptions,
): StepGradients {
  const variables = [...model.store.trainable().map(({ variable }) => variable), ...tables];
  let auxiliary: string[] = [];
  let numbers: tf.Tensor1D | undefined;
  const loss = () => {
    const losses = lossesOf(model, batch, { training: true });
    auxiliary = Object.keys(losses.auxiliary);
    numbers = tf.keep(stackLosses(losses)); // one tensor, so that a step needs one read
    return losses.total;
  };
  try {
    const { grads } = tf.variableGrads(loss, variables);
    const gradients = variables.map((variable) => grads[variable.name] ?? tf.zerosLike(variable));
    return { losses: numbers!, auxiliary, gradients: clipped(gradients, clip) };
  } catch (error) {
    numbers?.dispose();
    throw error;
  }
}
