import type * as tf from '@tensorflow/tfjs-core';
import type { Scope } from '../parameters/scope.ts';
import { define, type Definition, type Factory, type Read, type Spec } from '@polytask/components';
import type { BankParameter } from './bank.ts';
import type { ExpertPosition } from './units.ts';

export interface PenaltyBuilder extends Scope {
  readonly experts: readonly ExpertPosition[];
  /** The trained parameters of the experts. Their `members` are indices into `experts`. */
  readonly parameters: readonly BankParameter[];
}

/** A built penalty. It returns a scalar loss, multiplied by the weight of its configuration. */
export type Penalty = () => tf.Scalar;

/** A penalty as plain JSON; see {@link definePenalty}. */
export type PenaltySpec<C = unknown> = Spec<'penalty', C>;

export type PenaltyDefinition<C> = (builder: PenaltyBuilder, config: C) => Penalty;

/**
 * Defines a loss on the parameters of a level's experts. An architecture passes the penalty to a level. The model adds it
 * to the tasks' losses, and the history shows it by name.
 *
 * @throws PolytaskError when the name is taken; the factory throws when the configuration doesn't fit `options`
 * @example
 * export const ridge = definePenalty('ridge', ({ parameters }, { weight }) => () =>
 *   tf.mul(weight, tf.addN(parameters.map((each) => tf.sum(tf.square(each.value()))))) as tf.Scalar,
 *   { options: { weight: checks.number({ from: 0 }) } },
 * );
 */
export const definePenalty = <O extends object = Record<never, never>>(
  name: string,
  build: PenaltyDefinition<Read<O>>,
  definition?: Definition<O>,
): Factory<'penalty', O> => define('penalty', name, build, definition);
