import type * as tf from '@tensorflow/tfjs-core';
import type { Call } from '../layers/layer.ts';
import type { ExpertVariant } from '../variants/variants.ts';
import type { Scope } from '../parameters/scope.ts';
import { type About, builderOf, type Options, register, type Spec } from '@polytask/components';

/** The argument of an expert's builder: a scope for the parameters, and the width of the input. */
export interface ExpertBuilder extends Scope {
  /** The width of the expert's input. */
  readonly inputDim: number;
}

/** A built expert, or a built bank of experts. */
export interface Expert {
  /** The width of the expert's output. */
  readonly outputDim: number;
  /** [batch, inputDim] → [batch, outputDim]. In a bank: [(bank,) batch, inputDim] → [bank, batch, outputDim]. */
  apply(x: tf.Tensor, call: Call): tf.Tensor;
}

/** An expert as plain JSON; see {@link defineExpert}. */
export type ExpertSpec<C = unknown> = Spec<'expert', C>;

export interface ExpertDefinition<C> {
  build(builder: ExpertBuilder, config: C): Expert;
  bankable: boolean | ((config: C) => boolean);
}

/** Options of {@link defineExpert}. */
export interface DefineExpertOptions<C = unknown> extends About {
  /** The expert in comparisons, by name. `polytask bench --experts` accepts the names. */
  variants?: Readonly<Record<string, ExpertVariant<C>>>;
  /**
   * A check for each option of the configuration. A mistyped option or a value that doesn't fit is then an error with a
   * suggestion. {@link checks} has the common checks.
   */
  options?: Options<C>;
  /**
   * False for an expert whose operations don't support a leading bank axis. It is built and run one by one. An expert of other experts
   * asks {@link isBankable} of them, by its configuration. Default true.
   */
  bankable?: boolean | ((config: C) => boolean);
}

/**
 * Defines an expert. You write the code for a single expert. Every architecture can use the expert, and the experts of a
 * level run as one bank. Models save it by its name and configuration (plain JSON).
 *
 * @param name the name in saved models; it must be unique
 * @param build creates the parameters, and returns the expert's output width and function
 * @returns a factory of specs
 * @throws PolytaskError when the name is taken; the factory throws when the configuration doesn't fit `options`
 * @example
 * // Cross network (DCN-v2, eq. 1): x ⊙ (W x + b) + x.
 * export const cross = defineExpert('cross', ({ inputDim, weight, bias }) => {
 *   const w = weight('kernel', [inputDim, inputDim]);
 *   const b = bias('bias', inputDim);
 *   return { outputDim: inputDim, apply: (x) => tf.add(tf.mul(x, linear(x, w, b)), x) };
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
  { bankable = true, options, ...about }: DefineExpertOptions = {},
): (config?: unknown) => ExpertSpec {
  const definition: ExpertDefinition<unknown> = { build, bankable };
  return register('expert', name, definition, options, about);
}

/**
 * Whether the members of a bank of this expert run together, and not one by one.
 *
 * @throws PolytaskError when the expert is unknown
 * @example isBankable(mlp([4])) // true
 */
export function isBankable(spec: ExpertSpec): boolean {
  const { bankable } = builderOf<ExpertDefinition<unknown>>(spec);
  return typeof bankable === 'function' ? bankable(spec.config) : bankable;
}
