import type { GradientDiagnostics } from '@polytask/balancing';
import {
  taskLossAt,
  lossesOf,
  checkOptions,
  checks,
  type Examples,
  type MultiTaskModel,
  type Options,
  type Tasks,
} from '@polytask/core';
import * as tf from '@tensorflow/tfjs-core';
import { checkExamples } from './check-examples.ts';

export interface EvaluateGradientsOptions {
  /** The largest number of rows: the first ones are used. Default 256. */
  rows?: number;
}

const allowed: Options<EvaluateGradientsOptions> = { rows: checks.optional(checks.wholeNumber(1)) };

/**
 * Measures how the gradients of the tasks' losses relate: their cosines, lengths and conflicts. Parameters that one task alone
 * reaches, such as its tower, don't count. The model runs as in serving, on the current backend of TensorFlow.js, and stays the same.
 *
 * @param examples rows with labels
 * @returns NaN in each number where no two tasks have gradients for common parameters
 * @throws PolytaskError when the rows don't fit the model
 * @example
 * const { cosine } = await evaluateGradients(model, validation);
 * // 1: the tasks pull alike; 0: they don't touch each other; −1: each undoes the steps of the other
 */
export async function evaluateGradients<T extends Tasks>(
  model: MultiTaskModel<T>,
  examples: Examples<T>,
  options: EvaluateGradientsOptions = {},
): Promise<GradientDiagnostics> {
  checkOptions(options, allowed, 'evaluateGradients');
  checkExamples(model, examples, 'the rows to evaluate');
  const rows = Math.min(options.rows ?? 256, examples.size);
  const batch = examples.batch(Uint32Array.from({ length: rows }, (_, row) => row));
  const variables = model.store.trainable().map(({ variable }) => variable);
  const tensors = tf.tidy(() => {
    const inputs = model.toTensors(batch);
    return model.taskNames.map((task, t) => {
      const { weight = 1 } = model.schema.tasks[task]!;
      const { grads } = tf.variableGrads(
        () => tf.mul(taskLossAt(lossesOf(model, inputs, { training: false }), t), weight) as tf.Scalar,
        variables,
      );
      return tf.concat(variables.map((each) => tf.reshape(grads[each.name] ?? tf.zerosLike(each), [-1])));
    });
  });
  try {
    const gradients = await Promise.all(tensors.map(async (each) => (await each.data()) as Float32Array));
    const { gradientDiagnostics, gramianOf } = await import('@polytask/balancing'); // most pages train without balancers
    return gradientDiagnostics(gramianOf(overSharedParameters(gradients)));
  } finally {
    tf.dispose(tensors);
  }
}

/** The gradients [tasks][numbers] at the numbers for which two tasks or more have a gradient. */
function overSharedParameters(gradients: readonly Float32Array[]): Float32Array[] {
  const isShared = (_: number, at: number) => gradients.filter((gradient) => gradient[at] !== 0).length > 1;
  const shared = [...(gradients[0] ?? [])].map(isShared);
  return gradients.map((gradient) => gradient.filter((_, at) => shared[at]));
}
