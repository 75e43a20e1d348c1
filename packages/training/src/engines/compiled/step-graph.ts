import { forTraining, type Recorded } from '@polytask/compile';
import { lossesOf, stackLosses, withRandomTensors, type MultiTaskModel, type Tasks } from '@polytask/core';
import { traceModel, type ModelGraph, type TracedCall } from '@polytask/graphs';
import * as tf from '@tensorflow/tfjs-core';
import type { Recipe } from '../../engine.ts';
import { clipped } from '../../optimizers/clip.ts';

/** The outputs: the losses [tasks + auxiliary + 1], and the gradients of all parameters end to end. */
export const LOSSES = 'losses';
export const GRADIENTS = 'gradients';

/** The output with the gradients of the gathered rows of a table, [ids, dimension]. */
export const tableGradients = (table: string): string => `gradients:${table}`;

/** A graph that computes the losses and gradients of a training step for one batch size. */
export interface TracedStep extends ModelGraph {
  /** The names of the auxiliary losses, in their order. */
  readonly auxiliary: readonly string[];
}

/**
 * Traces a training step for one batch size.
 *
 * @param threads the number of threads that will run one operation; undefined when the number is unknown
 * @param rewrite makes the recorded graph faster. It takes longer than the recording.
 * @throws CompileError when an operation of the model can't be compiled
 */
export function traceStep<T extends Tasks>(
  model: MultiTaskModel<T>,
  recipe: Recipe,
  batchSize: number,
  threads: number | undefined,
  rewrite: (recorded: Recorded) => Recorded = forTraining,
): TracedStep {
  let auxiliary: readonly string[] = [];
  const graph = traceModel(
    model,
    (call) => {
      const step = stepTensors(model, recipe, call);
      auxiliary = step.auxiliary;
      return step.tensors;
    },
    { rows: batchSize, threads, updates: true, rewrite },
  );
  return { ...graph, auxiliary };
}

/**
 * The losses and clipped gradients of a training step, by the names of the outputs.
 *
 * @returns the tensors, and the names of the auxiliary losses in their order
 */
export function stepTensors<T extends Tasks>(
  model: MultiTaskModel<T>,
  recipe: Recipe,
  { batch, tables, random, keep }: Pick<TracedCall, 'batch' | 'tables' | 'random' | 'keep'>,
): { tensors: Readonly<Record<string, tf.Tensor>>; auxiliary: readonly string[] } {
  const trainable = model.store.trainable().map(({ variable }) => variable);
  let auxiliary: string[] = [];
  let [losses, draws]: [tf.Tensor | undefined, number] = [undefined, 0];
  const total = () => {
    const all = lossesOf(model, batch, { training: true });
    auxiliary = Object.keys(all.auxiliary);
    losses = keep(stackLosses(all));
    return all.total;
  };
  const { grads } = withRandomTensors(
    (draw) => random(draw, draws++),
    () => tf.variableGrads(total, [...trainable, ...tables]),
  );
  const gradients = clipped(
    [...trainable, ...tables].map((variable) => grads[variable.name] ?? tf.zerosLike(variable)),
    recipe.clip,
  );
  const flat = gradients.slice(0, trainable.length).map((gradient) => tf.reshape(gradient, [-1]));
  const ofTables = model.store
    .tables()
    .map(({ name }, t) => [tableGradients(name), gradients[trainable.length + t]!] as const);
  const tensors = { [LOSSES]: losses!, [GRADIENTS]: tf.concat(flat), ...Object.fromEntries(ofTables) };
  return { tensors, auxiliary };
}
