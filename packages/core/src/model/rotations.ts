import * as tf from '@tensorflow/tfjs-core';
import { fail, optional, wholeNumber, type FromDescription, type Written } from '@polytask/components';
import { StackedLanes, takeLanes, type Lanes } from '../fusion/lanes.ts';
import { linear } from '../layers/dense.ts';
import type { ParameterStore } from '../parameters/parameter-store.ts';
import { createScope } from '../parameters/scope.ts';

export const rotationsOptions = {
  /** m: only the first m features are rotated, [R_k z_{1:m}, z_{m+1:d}] (section 3.4). Without it, all features are. */
  size: optional(wholeNumber(2)),
};

/**
 * Rotations of the heads' inputs (RotoGrad: Javaloy & Valera, ICLR 2022, section 3.2). Head k reads R_k z, where R_k is orthogonal and starts
 * as the identity. `rotoGrad` of `@polytask/balancing` turns them in `fit`, so that the tasks' gradients agree.
 */
export interface RotationsOptions extends Written<typeof rotationsOptions>, FromDescription {}

export interface Rotations {
  /** m, the number of rotated features. */
  readonly size: number;
  /** The name of the parameter, [tasks, size, size]. It holds K_k = R_kᵀ: a row z becomes z K_k. */
  readonly parameter: string;
  /** Rotates the tasks' lanes. */
  apply(lanes: Lanes): Lanes;
}

/** @param place `dim`: d, the width of the lanes */
export function createRotations(
  store: ParameterStore,
  config: RotationsOptions,
  { tasks, dim }: { tasks: readonly string[]; dim: number },
): Rotations {
  const { size = dim } = config;
  if (size > dim) {
    fail({
      expected: `rotations of ${dim} features or fewer, the width of what the heads read`,
      received: String(size),
      fix: 'Lower rotations.size.',
    });
  }
  const kernel = createScope(store, 'rotations', { members: tasks }).tensor('kernel', [size, size], identity, false);
  return {
    size,
    parameter: 'rotations.kernel',
    apply(lanes) {
      const vectors = takeLanes(lanes, tasks); // [(tasks,) batch, dim]
      if (size === dim) return new StackedLanes(tasks, linear(vectors, kernel) as tf.Tensor3D);
      const [first, rest] = tf.split(vectors as tf.Tensor, [size, dim - size], vectors.rank - 1) as [
        tf.Tensor,
        tf.Tensor,
      ];
      const restByTask = rest.rank === 2 ? tf.stack(tasks.map(() => rest)) : rest;
      return new StackedLanes(tasks, tf.concat([linear(first, kernel), restByTask], 2) as tf.Tensor3D);
    },
  };
}

const identity = ([size]: readonly number[]): Float32Array =>
  Float32Array.from({ length: size! * size! }, (_, i) => Number(i % (size! + 1) === 0));
