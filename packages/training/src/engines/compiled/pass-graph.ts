import { forTraining, type Recorded } from '@polytask/compile';
import type { MultiTaskModel, Tasks } from '@polytask/core';
import { traceModel, type ModelGraph } from '@polytask/graphs';
import type * as tf from '@tensorflow/tfjs-core';
import type { Recipe } from '../../engine.ts';
import type { PassKind } from '../../steps/pass-contract.ts';
import { runPass, updatesBuffers, type PassOptions } from '../../balancing/passes.ts';

/** The name of the input with the weights of the tasks. */
export const WEIGHTS = 'balancing';

/** A graph that computes a pass of a balanced step for one batch size. */
export interface TracedPass extends ModelGraph {
  /** The names of the auxiliary losses, in their order. */
  readonly auxiliary: readonly string[];
}

interface PassGraphOptions extends Pick<PassOptions, 'clip' | 'shared' | 'cut'> {
  readonly kind: PassKind;
  readonly size: number;
  readonly threads: number | undefined;
  /** Makes the recorded graph faster. Default: `forTraining`. */
  readonly rewrite?: (recorded: Recorded) => Recorded;
}

/**
 * Traces a pass. Each backward pass runs the forward pass again. Equal operations are one node, so the graph contains one
 * forward pass.
 *
 * @throws CompileError when an operation of the model can't be compiled
 */
export function tracePass<T extends Tasks>(
  model: MultiTaskModel<T>,
  { kind, size, threads, rewrite = forTraining, ...request }: PassGraphOptions,
): TracedPass {
  let auxiliary: readonly string[] = [];
  const graph = traceModel(
    model,
    ({ batch, tables, inputs, random, keep }) => {
      const weights = inputs[WEIGHTS] as tf.Tensor1D | undefined;
      const pass = runPass(model, batch, kind, { ...request, tables, weights, provide: random });
      auxiliary = pass.auxiliary;
      keep(pass.tensors['losses']!);
      return pass.tensors;
    },
    {
      rows: size,
      threads,
      inputs: kind === 'weighted' ? { [WEIGHTS]: { shape: [model.taskNames.length] } } : {},
      updates: updatesBuffers(kind),
      rewrite,
    },
  );
  return { ...graph, auxiliary };
}

/**
 * Traces a training step without a balancer for one batch size. Its outputs are the losses and the gradients.
 *
 * @param threads the number of threads that will run one operation; undefined when the number is unknown
 * @param rewrite makes the recorded graph faster. It takes longer than the recording.
 * @throws CompileError when an operation of the model can't be compiled
 */
export const traceStep = <T extends Tasks>(
  model: MultiTaskModel<T>,
  { clip }: Pick<Recipe, 'clip'>,
  size: number,
  threads: number | undefined,
  rewrite?: (recorded: Recorded) => Recorded,
): TracedPass => tracePass(model, { kind: 'plain', clip, size, threads, ...(rewrite && { rewrite }) });
