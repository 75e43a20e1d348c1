import type { ExpertSpec, NetworkSpec } from '@polytask/core';

/** A network, or how it is declared for these tasks: for one whose configuration names them or counts by them. */
export type NetworkSource = NetworkSpec | ((tasks: readonly string[]) => NetworkSpec);

/** What a network promises beyond the contract, and what it doesn't promise. */
export interface ModelOptions {
  /** What the group of tests is called. Default: the network's name. */
  name?: string;
  /** What stands on each task's lane. Default: none. */
  tower?: ExpertSpec;
  /** True where each level's weights, gated and constant together, sum to 1 for each output. Default false. */
  normalized?: boolean;
  /** True where a part's gradient is an estimate on purpose (straight-through). Default false. */
  estimated?: boolean;
  /**
   * True where training draws noise for the tasks in their order: in another order tasks have the same outputs, but a step
   * has other noise, and so other gradients. Default false.
   */
  noisy?: boolean;
  /** False where onnxruntime-node isn't installed, or the network can't be compiled. Default true. */
  compiled?: boolean;
}
