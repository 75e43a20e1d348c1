import type * as tf from '@tensorflow/tfjs';
import type { Scope } from '../parameters/scope.ts';
import type { Options } from '../specs/options.ts';
import { createSpec, register, type About, type Spec } from '../specs/registry.ts';
import type { FeatureTensors } from './batch-tensors.ts';
import type { Layout } from './layout.ts';

/** Columns of the network's input that hold one feature: the first, and how many. */
export interface FeatureColumns {
  readonly from: number;
  readonly width: number;
}

/** A built input: turns encoded features into the network's input. */
export interface Input {
  readonly outputDim: number;
  /** Where each feature stands in what it gives; without it no gate can read features by name. */
  readonly features?: ReadonlyMap<string, FeatureColumns>;
  /** → [batch, outputDim] */
  apply(features: FeatureTensors): tf.Tensor2D;
}

export type InputSpec<C = unknown> = Spec<'input', C>;

export type InputDefinition<C> = (builder: Scope & { readonly layout: Layout }, config: C) => Input;

export interface DefineInputOptions<C = unknown> extends About {
  /** A check for each option of the configuration, so that a typo is an error. */
  options?: Options<C>;
}

/** Defines a way to turn features into one vector; {@link embed} and {@link oneHot} are two. */
export function defineInput<C extends object>(
  name: string,
  build: InputDefinition<C>,
  { options, ...about }: DefineInputOptions<C> = {},
): (config?: C) => InputSpec<C> {
  register('input', name, build, options, about);
  return (config = {} as C) => createSpec('input', name, config);
}
