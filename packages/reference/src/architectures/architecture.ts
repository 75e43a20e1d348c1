import type { NetworkSpec } from '@polytask/core';
import { linear, mlpLayers, range, type Pairing } from '../pairing.ts';
import { widthsIn, type Plan } from '../plan.ts';

export interface Architecture {
  /** The Polytask network with the same outputs. @throws PolytaskError when the library can't run the plan */
  network(plan: Plan): NetworkSpec;
  /** The tensors of the class (`mtl_arch.…`) in the state dict's order, with their places in the network. */
  pairings(plan: Plan): Pairing[];
}

/** The tensors of `mtl_arch.experts.LEVEL.EXPERT`, with `count` experts at each level in the order of W's columns. */
export const levelExperts = (plan: Plan, count: number): Pairing[] =>
  plan.levels.flatMap((units, l) =>
    range(count).flatMap((e) =>
      mlpLayers(`mtl_arch.experts.${l}.${e}`, (layer) => `levels.${l}.experts.${layer}`, e, widthsIn(plan)[l]!, units),
    ),
  );

/**
 * The tensors of `mtl_arch.gate_weights.LEVEL.UNIT`, a linear gate over all experts of the level.
 *
 * @param options `path` is the gate's path in the network. With `shared`, all levels but the last have a gate of the shared
 *   unit. `columns` are the experts that the library's gate of a unit has. Default: all
 */
export const unitGates = (
  plan: Plan,
  experts: number,
  options: {
    readonly path: 'gates' | 'gates.0';
    readonly shared: boolean;
    readonly columns?: (unit: number) => number[];
  },
): Pairing[] =>
  plan.levels.flatMap((_, l) =>
    range(plan.tasks + (options.shared && l < plan.levels.length - 1 ? 1 : 0)).flatMap((member) =>
      linear(
        `mtl_arch.gate_weights.${l}.${member}.0`,
        { path: `levels.${l}.${options.path}`, member, inputDim: widthsIn(plan)[l]!, width: experts },
        options.columns?.(member),
      ),
    ),
  );

/** With a residual, AdaTT's softmax gates are the first term of a sum. */
export const gatesOfAdatt = ({ residual }: Plan): 'gates' | 'gates.0' => (residual ? 'gates.0' : 'gates');
