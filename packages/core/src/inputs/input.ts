import type * as tf from '@tensorflow/tfjs-core';
import type { Scope } from '../parameters/scope.ts';
import {
  checkMembersOf,
  define,
  resolve,
  type Definition,
  type Factory,
  type Read,
  type Spec,
} from '@polytask/components';
import type { FeatureTensors } from '../features/batch-tensors.ts';
import type { Layout, FeatureColumns } from '../features/layout.ts';

export interface Input {
  readonly outputDim: number;
  /** The columns of each feature. Without them, gates can't read features by name. */
  readonly features?: ReadonlyMap<string, FeatureColumns>;
  /** The vector of each row, [batch, outputDim]. */
  apply(features: FeatureTensors): tf.Tensor2D;
}

/** An input as plain JSON; see {@link defineInput}. */
export type InputSpec<C = unknown> = Spec<'input', C>;

export type InputDefinition<C> = (builder: Scope & { readonly layout: Layout }, config: C) => Input;

/**
 * Defines an input: a way to convert features to one vector, such as {@link embed}.
 *
 * @throws PolytaskError when the name is taken; the factory throws when the configuration doesn't fit `options`
 * @example
 * const numbersOnly = defineInput('numbers-only', ({ layout }) => ({
 *   outputDim: layout.numeric,
 *   apply: ({ numeric }) => numeric,
 * }));
 */
export const defineInput = <O extends object = Record<never, never>>(
  name: string,
  build: InputDefinition<Read<O>>,
  definition?: Definition<O>,
): Factory<'input', O> => define('input', name, build, definition);

/** Builds an input in a scope, for an input that consists of others. @throws PolytaskError when the input is unknown */
export function createInput(scope: Scope & { readonly layout: Layout }, spec: InputSpec): Input {
  const { builder, config } = resolve<InputDefinition<unknown>>(spec);
  return checkMembersOf(spec, builder(scope, config), ['outputDim', 'apply']);
}
