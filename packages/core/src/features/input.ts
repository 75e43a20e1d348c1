import type * as tf from '@tensorflow/tfjs';
import type { Scope } from '../parameters/scope.ts';
import { register, type Spec } from '../specs/registry.ts';
import type { FeatureTensors } from './batch-tensors.ts';
import type { Layout } from './layout.ts';

/** A built input: turns encoded features into the network's input. */
export interface Input {
  readonly outputDim: number;
  /** → [batch, outputDim] */
  apply(features: FeatureTensors): tf.Tensor2D;
}

export type InputSpec<C = unknown> = Spec<'input', C>;

export type InputDefinition<C> = (builder: Scope & { readonly layout: Layout }, config: C) => Input;

/** Defines a way to turn features into one vector; {@link embed} and {@link oneHot} are two. */
export function defineInput<C>(name: string, build: InputDefinition<C>): (config?: C) => InputSpec<C> {
  register('input', name, build);
  return (config = {} as C) => ({ kind: 'input', name, config });
}
