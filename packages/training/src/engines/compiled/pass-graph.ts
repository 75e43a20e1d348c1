import { forTraining, type Runtime } from '@polytask/compile';
import type { MultiTaskModel, Tasks } from '@polytask/core';
import { loadGraph, traceModel, type LoadedGraph, type ModelGraph } from '@polytask/graphs';
import type * as tf from '@tensorflow/tfjs';
import type { PassKind } from '../../balancing/pass-contract.ts';
import { runPass, updatesBuffers, type PassOptions } from '../../balancing/passes.ts';

/** The input that holds the tasks' weights. */
export const WEIGHTS = 'balancing';

/** A pass of a balanced step as a graph for one batch size. */
export interface TracedPass extends ModelGraph {
  /** Names of the losses that the model adds, in their order. */
  readonly auxiliary: readonly string[];
}

export interface PassGraphOptions extends Pick<PassOptions, 'shared' | 'cut'> {
  readonly kind: PassKind;
  readonly size: number;
  readonly threads: number | undefined;
}

/**
 * Writes a pass down. Its backward passes run the forward pass each; as the graph has equal operations once, there is one
 * forward pass in it. Throws when the model does something that can't be compiled.
 */
export function tracePass(
  model: MultiTaskModel<Tasks>,
  { kind, size, threads, ...request }: PassGraphOptions,
): TracedPass {
  let auxiliary: readonly string[] = [];
  const graph = traceModel(
    model,
    ({ batch, inputs, random, keep }) => {
      const weights = inputs[WEIGHTS] as tf.Tensor1D | undefined;
      const pass = runPass(model, batch, kind, { ...request, weights, provide: random });
      auxiliary = pass.auxiliary;
      keep(pass.tensors['losses']!);
      return pass.tensors;
    },
    {
      rows: size,
      threads,
      inputs: kind === 'weighted' ? { [WEIGHTS]: { shape: [model.taskNames.length] } } : {},
      updates: updatesBuffers(kind),
      rewrite: forTraining,
    },
  );
  return { ...graph, auxiliary };
}

export const loadPass = (
  model: MultiTaskModel<Tasks>,
  options: Omit<PassGraphOptions, 'threads'>,
  runtime: Runtime,
): Promise<LoadedGraph<TracedPass>> =>
  loadGraph((file) => runtime.load(file), tracePass(model, { ...options, threads: runtime.threads }));
