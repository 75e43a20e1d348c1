import type * as tf from '@tensorflow/tfjs-core';
import type { Call } from '../layers/layer.ts';
import type { ExpertVariant } from '../variants/variants.ts';
import type { Scope } from '../parameters/scope.ts';
import {
  define,
  resolve,
  type Definition,
  type Factory,
  type Read,
  type Spec,
  type Written,
} from '@polytask/components';

/** The argument of an expert's builder: a scope for the parameters, and the width of the input. */
export interface ExpertBuilder extends Scope {
  readonly inputDim: number;
}

/** A built expert, or a built bank of experts. */
export interface Expert {
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

export interface DefineExpertOptions<O extends object> extends Definition<O> {
  /** The expert in comparisons, under its own name. `polytask bench --experts` accepts it. */
  variant?: ExpertVariant<Written<O>>;
  /** The expert in comparisons, under other names. */
  variants?: Readonly<Record<string, ExpertVariant<Written<O>>>>;
  /**
   * False for an expert whose operations don't support a leading bank axis: it is built and run one by one. Default true.
   * An expert of other experts asks {@link isBankable} of them.
   */
  bankable?: boolean | ((config: Read<O>) => boolean);
}

/**
 * Defines an expert. You write the code for a single expert. Every architecture can use the expert, and the experts of a
 * level run as one bank. Models save it by its name and configuration (plain JSON).
 *
 * @param build creates the parameters, and returns the expert's output width and function
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
export function defineExpert<O extends object = Record<never, never>>(
  name: string,
  build: (builder: ExpertBuilder, config: Read<O>) => Expert,
  { bankable = true, ...about }: DefineExpertOptions<O> = {},
): Factory<'expert', O> {
  return define('expert', name, { build, bankable } satisfies ExpertDefinition<Read<O>>, about, ['build']);
}

/** Whether the members of a bank of this expert run together, and not one by one. @example isBankable(mlp([4])) // true */
export function isBankable(spec: ExpertSpec): boolean {
  const { builder, config } = resolve<ExpertDefinition<unknown>>(spec);
  return typeof builder.bankable === 'function' ? builder.bankable(config) : builder.bankable;
}
