import { fail, type NamedTensor } from '@polytask/core';
import { definitions } from '../definitions.ts';
import { checkLearningRate, type LearningRate } from '../schedules/schedule.ts';
import type { Arithmetic } from './arithmetic.ts';

/** An optimizer as plain JSON: its kind, its learning rate and its options. It is saved in checkpoints. */
export type OptimizerSpec<C extends object = object> = {
  readonly kind: string;
  readonly learningRate: LearningRate;
} & Readonly<C>;

/** Numbers of one step, in double precision: all that changes from step to step. */
export type Coefficients = Readonly<Record<string, number>>;

/** A parameter, its gradient and its slots; all of one shape. */
export interface OptimizerState<V> {
  readonly parameter: V;
  readonly gradient: V;
  readonly slots: Readonly<Record<string, V>>;
}

/**
 * What an optimizer is: three pure functions. Nothing in it holds state, and `update` knows nothing of what it calculates
 * with, so any engine can keep the state where it likes: the eager one in TF.js variables, the compiled one in flat
 * buffers, which one pass of WebAssembly updates.
 */
export interface OptimizerRule<C extends object> {
  /** The slots of a parameter and what fills them at first. */
  slots(config: C): Readonly<Record<string, number>>;
  /** @param at the step, 1 at the first, and its learning rate */
  coefficients(config: C, at: { step: number; learningRate: number }): Coefficients;
  /**
   * The next parameter and all of its slots, number by number, by `math` alone. The coefficients come as values, rounded
   * to float32; a number in the arithmetic is the same at each place.
   */
  update<V>(
    now: OptimizerState<V>,
    coefficients: Readonly<Record<string, V>>,
    math: Arithmetic<V>,
    config: C,
  ): { readonly parameter: V; readonly slots: Readonly<Record<string, V>> };
}

const rules = definitions<OptimizerRule<never>>('optimizer');

/**
 * Defines an optimizer.
 *
 * @returns the factory of its descriptions
 * @example
 * const signDescent = defineOptimizer<Record<never, never>>('sign', {
 *   slots: () => ({}),
 *   coefficients: (_, { learningRate }) => ({ learningRate }),
 *   update: ({ parameter, gradient }, { learningRate }, { sub, mul, sign }) => ({
 *     parameter: sub(parameter, mul(sign(gradient), learningRate!)),
 *     slots: {},
 *   }),
 * });
 * await fit(model, train, { optimizer: signDescent(1e-3, {}) });
 */
export function defineOptimizer<C extends object>(
  kind: string,
  rule: OptimizerRule<OptimizerSpec<C>>,
): (learningRate: LearningRate, config: C) => OptimizerSpec<C> {
  rules.add(kind, rule as OptimizerRule<never>);
  return (learningRate, config) => {
    checkLearningRate(learningRate, `the learning rate of ${kind}`);
    return { kind, learningRate, ...config };
  };
}

/** The functions of an optimizer. Throws when nothing was defined under its kind. */
export function optimizerRule(spec: OptimizerSpec): OptimizerRule<OptimizerSpec> {
  if (typeof spec !== 'object' || spec === null || typeof spec.kind !== 'string') {
    fail({
      expected: 'an optimizer',
      received: typeof spec === 'function' ? 'a function' : (JSON.stringify(spec) ?? 'undefined'),
      mend: 'Pass one, such as adam(1e-3).',
    });
  }
  return rules.get(spec.kind) as OptimizerRule<object> as OptimizerRule<OptimizerSpec>;
}

/** The name of a slot in checkpoints, such as `adam.m.towers.0.kernel`. */
export const slotName = (spec: OptimizerSpec, slot: string, parameter: string): string =>
  `${spec.kind}.${slot}.${parameter}`;

/** The differences between the slots of an optimizer, as shapes by name, and the slots of a checkpoint. */
export function slotFaults(
  own: ReadonlyMap<string, readonly number[]>,
  slots: Readonly<Record<string, NamedTensor>>,
): string[] {
  const faults = [...own].flatMap(([name, shape]) => {
    if (!Object.hasOwn(slots, name)) return `missing "${name}" [${shape}]`;
    const received = slots[name]!.shape;
    return received.join() === shape.join() ? [] : `"${name}" is [${received}], not [${shape}]`;
  });
  return [...faults, ...Object.keys(slots).flatMap((name) => (own.has(name) ? [] : `unknown "${name}"`))];
}
