import type * as tf from '@tensorflow/tfjs';
import type { Call } from '../layers/layer.ts';
import type { Scope } from '../parameters/scope.ts';
import type { Options } from '../specs/options.ts';
import { createSpec, register, type About, type Spec } from '../specs/registry.ts';

/** What an expert is built with: a scope for its parameters, and the width of its input. */
export interface ExpertBuilder extends Scope {
  readonly inputDim: number;
}

/** A built expert, or a built bank of them. */
export interface Expert {
  readonly outputDim: number;
  /** [batch, inputDim] → [batch, outputDim]; in a bank [(bank,) batch, inputDim] → [bank, batch, outputDim]. */
  apply(x: tf.Tensor, call: Call): tf.Tensor;
}

export type ExpertSpec<C = unknown> = Spec<'expert', C>;

export interface ExpertDefinition<C> {
  build(builder: ExpertBuilder, config: C): Expert;
  bankable: boolean;
}

export interface DefineExpertOptions<C = unknown> extends About {
  /**
   * A check for each option of the configuration: with them a mistyped or unfitting one gives an error that says what
   * was meant. {@link checks} has the usual ones.
   */
  options?: Options<C>;
  /** False for an expert whose operations know nothing of a leading bank axis: it is built and run one by one. */
  bankable?: boolean;
}

/**
 * Defines an expert, once, for one. Every architecture can use it, a level's experts run as one bank, and it is saved
 * and loaded by its name and configuration (plain JSON).
 *
 * @param name how it is saved; it can be taken once
 * @returns the factory of its specs, whose configurations are plain JSON
 * @throws PolytaskError when the name is taken; the factory, when the configuration doesn't fit `options`
 * @example
 * // Cross network (DCN-v2, eq. 1): x ⊙ (W x + b) + x.
 * export const cross = defineExpert('cross', ({ inputDim, weight, bias }) => {
 *   const w = weight('kernel', [inputDim, inputDim]);
 *   const b = bias('bias', inputDim);
 *   return { outputDim: inputDim, apply: (x) => x.mul(linear(x, w, b)).add(x) };
 * });
 * adatt({ levels: [{ experts: cross(), perTask: 2 }] });
 */
export function defineExpert(
  name: string,
  build: (builder: ExpertBuilder) => Expert,
  options?: DefineExpertOptions,
): () => ExpertSpec;
export function defineExpert<C>(
  name: string,
  build: (builder: ExpertBuilder, config: C) => Expert,
  options?: DefineExpertOptions<C>,
): (...config: Partial<C> extends C ? [config?: C] : [config: C]) => ExpertSpec<C>;
export function defineExpert(
  name: string,
  build: (builder: ExpertBuilder, config: unknown) => Expert,
  options: DefineExpertOptions = {},
): (config?: unknown) => ExpertSpec {
  const definition: ExpertDefinition<unknown> = { build, bankable: options.bankable ?? true };
  register('expert', name, definition, options.options, options);
  return (config = {}) => createSpec('expert', name, config);
}
