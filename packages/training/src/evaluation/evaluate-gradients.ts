import { registerGradients } from '#gradients';
import type { GradientDiagnostics } from '@polytask/balancing';
import { optional, positive, readOptions, wholeNumber, type FromDescription, type Written } from '@polytask/components';
import {
  lossesOf,
  taskLossAt,
  type Batch,
  type BatchTensors,
  type Examples,
  type MultiTaskModel,
  type Tasks,
} from '@polytask/core';
import * as tf from '@tensorflow/tfjs-core';
import { checkExamples } from './check-examples.ts';

const description = {
  /** The largest number of rows: the first ones are used. */
  rows: optional(wholeNumber(1), 256),
  /** The length of a step for `affinity`, as a share of the length of the shared parameters. */
  step: optional(positive, 0.01),
};

export interface EvaluateGradientsOptions extends Written<typeof description>, FromDescription {}

/** A row and a column for each task, in the order of the model's tasks. */
type Matrix = readonly (readonly number[])[];

/** How the gradients of tasks relate. */
export interface GradientRelations extends GradientDiagnostics {
  /** The length of each task's gradient, in the order of the model's tasks. The loss counts with the task's weight. */
  readonly lengths: readonly number[];
  /** The cosines of the tasks' gradients. NaN for a task without a gradient. */
  readonly cosines: Matrix;
  /** The same for each parameter that tasks share, by its name, from the input up. */
  readonly byParameter: Readonly<Record<string, Matrix>>;
  /**
   * By how much a step of task i lowers the loss of task j, 1 − L_j(θ − η_i g_i) / L_j(θ), at [i][j]
   * (Fifty et al., NeurIPS 2021, eq. 1).
   * The steps of all tasks have the same length. NaN in the row of a task without a gradient.
   */
  readonly affinity: Matrix;
}

/**
 * Measures how the gradients of the tasks' losses relate: their cosines, lengths and conflicts, and the effect of a step of one task on the
 * loss of another. Parameters that one task alone reaches, such as its tower, don't count. The model runs as in serving, on the current
 * backend of TensorFlow.js, and stays the same.
 *
 * @param examples rows with labels
 * @returns NaN in each number where no two tasks have gradients for common parameters, and lengths of 0
 * @throws PolytaskError when the rows don't fit the model
 * @example
 * const { cosine } = await evaluateGradients(model, validation);
 * // 1: the tasks pull alike; 0: they don't touch each other; −1: each undoes the steps of the other
 */
export async function evaluateGradients<T extends Tasks>(
  model: MultiTaskModel<T>,
  examples: Examples<T>,
  options: EvaluateGradientsOptions = {},
): Promise<GradientRelations> {
  const { rows, step } = readOptions(options, description, 'evaluateGradients');
  checkExamples(model, examples, 'the rows to evaluate');
  const size = Math.min(rows, examples.size);
  const batch = examples.batch(Uint32Array.from({ length: size }, (_, row) => row));
  const gradients = onShared(await taskGradients(model, batch));
  const { gradientDiagnostics, gramianOf } = await import('@polytask/balancing'); // most pages train without balancers
  const gramian = gramianOf(gradients.map(joined));
  const ofParameters = model.store
    .trainable()
    .map(({ name }, p) => [name, cosinesOf(gramianOf(gradients.map((each) => each[p]!)))] as const);
  return {
    ...gradientDiagnostics(gramian),
    ...relationsOf(gramian),
    byParameter: Object.fromEntries(ofParameters.filter(([, cosines]) => cosines.flat().some((each) => each === each))),
    affinity: await affinityOf(model, batch, gradients, step),
  };
}

/** The lengths and cosines of the tasks' gradients on all rows of a batch: a part of {@link evaluateGradients}, which takes longer. */
export async function gradientLengths<T extends Tasks>(
  model: MultiTaskModel<T>,
  batch: Batch,
): Promise<Pick<GradientRelations, 'lengths' | 'cosines'>> {
  const { gramianOf } = await import('@polytask/balancing');
  return relationsOf(gramianOf(onShared(await taskGradients(model, batch)).map(joined)));
}

const relationsOf = (gramian: Matrix) => ({
  lengths: gramian.map((row, t) => Math.sqrt(row[t]!)),
  cosines: cosinesOf(gramian),
});

/** The numbers of each parameter. */
type Numbers = readonly Float32Array[];

/** The loss of a task as in serving, without the task's weight. */
const lossAt = <T extends Tasks>(model: MultiTaskModel<T>, inputs: BatchTensors, t: number): tf.Scalar =>
  taskLossAt(lossesOf(model, inputs, { training: false }), t);

/** The gradients of the tasks' weighted losses, task by task. */
async function taskGradients<T extends Tasks>(model: MultiTaskModel<T>, batch: Batch): Promise<Numbers[]> {
  await registerGradients(); // a process that only loads a model has none
  const variables = model.store.trainable().map(({ variable }) => variable);
  const tensors = tf.tidy(() => {
    const inputs = model.toTensors(batch);
    return model.taskNames.map((task, t) => {
      const { weight = 1 } = model.schema.tasks[task]!;
      const { grads } = tf.variableGrads(() => tf.mul(lossAt(model, inputs, t), weight) as tf.Scalar, variables);
      return variables.map((each) => grads[each.name] ?? tf.zerosLike(each));
    });
  });
  try {
    return await Promise.all(tensors.map(readAll));
  } finally {
    tf.dispose(tensors);
  }
}

const readAll = (tensors: readonly tf.Tensor[]): Promise<Float32Array[]> =>
  Promise.all(tensors.map(async (each) => Float32Array.from(await each.data<'float32'>())));

/** The gradients with 0 at the numbers that fewer than two tasks reach. */
function onShared(gradients: readonly Numbers[]): Numbers[] {
  const isShared = (p: number, at: number) => gradients.filter((each) => each[p]![at] !== 0).length > 1;
  const shared = (gradients[0] ?? []).map((values, p) => values.map((_, at) => Number(isShared(p, at))));
  return gradients.map((each) => each.map((values, p) => values.map((value, at) => value * shared[p]![at]!)));
}

const joined = (numbers: Numbers): Float32Array => Float32Array.from(numbers.flatMap((values) => [...values]));

const lengthOf = (numbers: Numbers): number =>
  Math.sqrt(numbers.reduce((sum, values) => values.reduce((part, value) => part + value * value, sum), 0));

function cosinesOf(gramian: Matrix): number[][] {
  return gramian.map((row, i) => row.map((value, j) => value / Math.sqrt(gramian[i]![i]! * gramian[j]![j]!)));
}

/** @param step the length of a step, as a share of that of the numbers that tasks share */
async function affinityOf<T extends Tasks>(
  model: MultiTaskModel<T>,
  batch: Batch,
  gradients: readonly Numbers[],
  step: number,
) {
  const variables = model.store.trainable().map(({ variable }) => variable);
  const parameters = await readAll(variables);
  const isShared = (p: number, at: number) => gradients.some((each) => each[p]![at] !== 0);
  const reach = step * lengthOf(parameters.map((values, p) => values.filter((_, at) => isShared(p, at))));
  const write = (numbers: Numbers) =>
    tf.tidy(() => variables.forEach((each, p) => each.assign(tf.tensor(numbers[p]!, each.shape, 'float32'))));
  const losses = async () => {
    const tensor = tf.tidy(() => {
      const inputs = model.toTensors(batch);
      return tf.stack(model.taskNames.map((_, t) => lossAt(model, inputs, t)));
    });
    try {
      return [...(await tensor.data<'float32'>())];
    } finally {
      tensor.dispose();
    }
  };
  const before = await losses();
  const affinity: number[][] = [];
  try {
    for (const gradient of gradients) {
      const rate = reach / lengthOf(gradient); // without a gradient, no number is finite, and none is written
      const isMoved = Number.isFinite(rate) && reach > 0;
      if (isMoved) write(parameters.map((values, p) => values.map((value, at) => value - rate * gradient[p]![at]!)));
      const after = isMoved ? await losses() : before.map(() => NaN);
      affinity.push(after.map((loss, j) => 1 - loss / before[j]!));
    }
  } finally {
    write(parameters);
  }
  return affinity;
}
