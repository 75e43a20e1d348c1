import { embed, type NetworkSpec } from '@polytask/core';
import { mlp } from '@polytask/experts';
import type { ModelParts, ModelSize } from './model-row.ts';

/** A level for each width, with a one-layer expert. */
export const levels = <E extends object>(size: ModelSize, rest?: E) =>
  size.levels.map((width) => ({ experts: mlp([width]), ...(rest as E) }));

/** What all but the logistic regression have around the network. */
export const deep = (size: ModelSize, network: NetworkSpec): ModelParts => ({
  network,
  input: embed({ dimension: size.embedding, ...(size.start && { start: size.start }) }),
  tower: mlp(size.tower),
});
