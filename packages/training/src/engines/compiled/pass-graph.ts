import { forTraining, type Recorded } from '@polytask/compile';
import type { MultiTaskModel, Tasks } from '@polytask/core';
import { traceModel, type ModelGraph } from '@polytask/graphs';
import type * as tf from '@tensorflow/tfjs-core';
import type { PassKind } from '../../balancing/pass-contract.ts';
import { runPass, updatesBuffers, type PassOptions } from '../../balancing/passes.ts';

/** The name of the input with the weights of the tasks. */
export const WEIGHTS = 'balancing';

/** A graph that computes a pass of a balanced step for one batch size. */
export interface TracedPass extends ModelGraph {
  /** The names of the auxiliary losses, in their order. */
  readonly auxiliary: readonly string[];
}

interface PassGraphOptions extends Pick<PassOptions, 'shared' | 'cut'> {
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
export function tracePass(
  model: MultiTaskModel<Tasks>,
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
