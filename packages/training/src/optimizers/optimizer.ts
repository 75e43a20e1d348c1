import type * as tf from '@tensorflow/tfjs';
import { fail } from '@polytask/core';
import { definitions } from '../definitions.ts';
import { checkLearningRate, type LearningRate } from '../schedules/schedule.ts';

/** An optimiser as plain JSON: its kind, its learning rate and its options. It is saved in checkpoints. */
export type OptimizerSpec<C extends object = object> = {
  readonly kind: string;
  readonly learningRate: LearningRate;
} & Readonly<C>;

/** Numbers of one step, in double precision: all that changes from step to step. */
export type Coefficients = Readonly<Record<string, number>>;

/** A parameter, its gradient and its slots; all of one shape. */
export interface OptimizerTensors {
  readonly parameter: tf.Tensor;
  readonly gradient: tf.Tensor;
  readonly slots: Readonly<Record<string, tf.Tensor>>;
}

/** The same of any number of parameters, end to end in flat buffers of one length. */
export interface OptimizerArrays {
  readonly parameters: Float32Array;
  readonly gradients: Float32Array;
  readonly slots: Readonly<Record<string, Float32Array>>;
}

/**
 * What an optimiser is: three pure functions, and `sweep`, which says the same as `update` for host memory. Nothing in
 * it holds state, so any engine can keep the state where it likes: the eager one in variables, another one in flat
 * buffers that one pass updates.
 */
export interface OptimizerRule<C extends object> {
  /** The slots of a parameter and what fills them at first. */
  slots(config: C): Readonly<Record<string, number>>;
  /** @param at the step, 1 at the first, and its learning rate */
  coefficients(config: C, at: { step: number; learningRate: number }): Coefficients;
  /** Elementwise on tensors of any shape: the next parameter and slots. Each coefficient comes as a scalar. */
  update(
    now: OptimizerTensors,
    coefficients: Readonly<Record<string, tf.Tensor>>,
    config: C,
  ): { readonly parameter: tf.Tensor; readonly slots: Readonly<Record<string, tf.Tensor>> };
  /** {@link update} in place and in one pass. */
  sweep(buffers: OptimizerArrays, coefficients: Coefficients, config: C): void;
}

const rules = definitions<OptimizerRule<never>>('optimizer');

/**
 * Defines an optimiser.
 *
 * @returns the factory of its descriptions
 * @example
 * const signDescent = defineOptimizer<Record<never, never>>('sign', {
 *   slots: () => ({}),
 *   coefficients: (_, { learningRate }) => ({ learningRate }),
 *   update: ({ parameter, gradient }, { learningRate }) => ({
 *     parameter: tf.sub(parameter, tf.mul(tf.sign(gradient), learningRate!)),
 *     slots: {},
 *   }),
 *   sweep: ({ parameters, gradients }, { learningRate }) =>
 *     gradients.forEach((gradient, i) => (parameters[i]! -= learningRate! * Math.sign(gradient))),
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

/** The functions of an optimiser. Throws when nothing was defined under its kind. */
export function optimizerRule(spec: OptimizerSpec): OptimizerRule<OptimizerSpec> {
  if (typeof spec !== 'object' || spec === null || typeof spec.kind !== 'string') {
    fail({
      expected: 'an optimizer',
      received: typeof spec === 'function' ? 'a function' : JSON.stringify(spec) ?? 'undefined',
      mend: 'Pass one, such as adam(1e-3).',
    });
  }
  return rules.get(spec.kind) as OptimizerRule<object> as OptimizerRule<OptimizerSpec>;
}

/** What a slot's tensor is called in checkpoints, such as `adam.m.towers.0.kernel`. */
export const slotName = (spec: OptimizerSpec, slot: string, parameter: string): string =>
  `${spec.kind}.${slot}.${parameter}`;
