import * as tf from '@tensorflow/tfjs';
import { fail } from '../errors/errors.ts';
import { StackedLanes, takeLanes, type Lanes } from '../fusion/lanes.ts';
import { linear } from '../layers/linear.ts';
import type { ParameterStore } from '../parameters/parameter-store.ts';
import { createScope } from '../parameters/scope.ts';
import { optional, wholeNumber } from '../specs/checks.ts';
import { checkOptions } from '../specs/options.ts';

/**
 * Rotations of what the tasks' heads read (RotoGrad: Javaloy & Valera, ICLR 2022, section 3.2): head k reads R_k z in place
 * of z, where R_k is orthogonal. They start as identities. No loss trains them: `rotoGrad` of `@polytask/balancing` turns
 * them in `fit`, so that the tasks' gradients agree.
 */
export interface RotationsConfig {
  /** m: only the first m features are rotated, [R_k z_{1:m}, z_{m+1:d}] (section 3.4). Default: all. */
  size?: number | undefined;
}

/** Built rotations. */
export interface Rotations {
  /** m */
  readonly size: number;
  /** The name of their parameter, [tasks, size, size]: K_k = R_kᵀ, so that a row z becomes z K_k. */
  readonly parameter: string;
  /** The tasks' lanes, rotated. */
  apply(lanes: Lanes): Lanes;
}

export interface RotationsPlace {
  tasks: readonly string[];
  /** d, the width of the lanes. */
  dim: number;
}

/** @throws PolytaskError on an unknown option, or a size that isn't a whole number of 2 or more */
export const checkRotations = (config: RotationsConfig): void =>
  checkOptions<RotationsConfig>(config, { size: optional(wholeNumber(2)) }, 'rotations');

export function createRotations(
  store: ParameterStore,
  { size: asked }: RotationsConfig,
  { tasks, dim }: RotationsPlace,
): Rotations {
  const size = asked ?? dim;
  if (size > dim) {
    fail({
      expected: `rotations of ${dim} features or fewer, the width of what the heads read`,
      received: String(size),
      mend: 'Lower rotations.size.',
    });
  }
  const kernel = createScope(store, 'rotations', { members: tasks }).tensor('kernel', [size, size], identity, false);
  return {
    size,
    parameter: 'rotations.kernel',
    apply(lanes) {
      const vectors = takeLanes(lanes, tasks); // [tasks, batch, dim], or [batch, dim] for all
      if (size === dim) return new StackedLanes(tasks, linear(vectors, kernel) as tf.Tensor3D);
      const first = linear(columns(vectors, 0, size), kernel) as tf.Tensor3D;
      const rest = columns(vectors, size, dim - size);
      const each = rest.rank === 2 ? tf.stack(tasks.map(() => rest)) : rest;
      return new StackedLanes(tasks, tf.concat([first, each as tf.Tensor3D], 2));
    },
  };
}

const identity = ([size]: readonly number[]): Float32Array =>
  Float32Array.from({ length: size! * size! }, (_, i) => Number(i % (size! + 1) === 0));

/** So many columns from one on. */
function columns(x: tf.Tensor, from: number, count: number): tf.Tensor {
  const begin = x.shape.map((_, axis) => (axis === x.rank - 1 ? from : 0));
  return tf.slice(x, begin, [...x.shape.slice(0, -1), count]);
}
