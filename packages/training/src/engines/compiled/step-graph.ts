import { forTraining, type Runtime } from '@polytask/compile';
import { stackLosses, withRandomTensors, type MultiTaskModel, type Tasks } from '@polytask/core';
import { loadGraph, traceModel, type LoadedGraph, type ModelGraph } from '@polytask/graphs';
import * as tf from '@tensorflow/tfjs';
import type { Recipe } from '../../engine.ts';
import { clipped } from '../../optimizers/clip.ts';

/** The outputs. The losses are [tasks + auxiliary + 1], the gradients all parameters' end to end. */
export const LOSSES = 'losses';
export const GRADIENTS = 'gradients';

/** A training step's losses and gradients as a graph for one batch size. */
export interface TracedStep extends ModelGraph {
  /** Names of the losses that the model adds to its tasks', in their order. */
  readonly auxiliary: readonly string[];
}

/** That graph, loaded into a session. */
export type StepGraph = LoadedGraph<TracedStep>;

/** Writes the step down for a batch size. Throws when the model does something that can't be compiled. */
export function traceStep<T extends Tasks>(
  model: MultiTaskModel<T>,
  recipe: Recipe,
  batchSize: number,
  threads: number | undefined,
): TracedStep {
  const trainable = model.store.trainable().map(({ variable }) => variable);
  let auxiliary: string[] = [];
  const graph = traceModel(
    model,
    ({ batch, random, keep }) => {
      let [losses, draws]: [tf.Tensor | undefined, number] = [undefined, 0];
      const total = () => {
        const all = model.losses(batch, { training: true });
        auxiliary = Object.keys(all.auxiliary);
        losses = keep(stackLosses(all));
        return all.total;
      };
      const { grads } = withRandomTensors(
        (draw) => random(draw, draws++),
        () => tf.variableGrads(total, trainable),
      );
      const gradients = clipped(
        trainable.map((variable) => grads[variable.name] ?? tf.zerosLike(variable)),
        recipe.clip,
      );
      return { [LOSSES]: losses!, [GRADIENTS]: tf.concat(gradients.map((gradient) => tf.reshape(gradient, [-1]))) };
    },
    { rows: batchSize, threads, updates: true, rewrite: forTraining },
  );
  return { ...graph, auxiliary };
}

export const loadStep = <T extends Tasks>(
  model: MultiTaskModel<T>,
  recipe: Recipe,
  batchSize: number,
  runtime: Runtime,
): Promise<StepGraph> => loadGraph((file) => runtime.load(file), traceStep(model, recipe, batchSize, runtime.threads));
