import type { NetworkSpec } from '@polytask/core';
import type { ReferenceConfiguration } from '../configuration.ts';
import { mlpLayers, range, type Pairing } from '../pairing.ts';
import { widthsIn, type Plan } from '../plan.ts';

/** One class of the library. */
export interface Architecture {
  /**
   * The network that computes the same.
   *
   * @throws PolytaskError when the library can't run what the plan says
   */
  network(plan: Plan): NetworkSpec;
  /** Where the tensors of the class (`mtl_arch.…`) are in that network, in the state dict's order. */
  pairings(plan: Plan): Pairing[];
}

/** The fields of a configuration that a network decides. */
export type NetworkFields = Pick<
  ReferenceConfiguration,
  'model' | 'expert_out_dims' | 'num_task_experts' | 'num_shared_experts' | 'self_exp_res_connect' | 'gate_archs'
>;

/** A network's configuration in the library's words. It throws a PolytaskError where the library has none. */
export type NetworkReader = (config: unknown, tasks: readonly string[]) => NetworkFields;

/** `mtl_arch.experts.LEVEL.EXPERT`: as many at each level, in the order of the columns of W. */
export const levelExperts = (plan: Plan, count: number): Pairing[] =>
  plan.levels.flatMap((units, l) =>
    range(count).flatMap((e) =>
      mlpLayers(`mtl_arch.experts.${l}.${e}`, `levels.${l}.experts`, e, widthsIn(plan)[l]!, units),
    ),
  );

export const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0);
