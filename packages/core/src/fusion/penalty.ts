import type * as tf from '@tensorflow/tfjs';
import { type Scope, createScope } from '../parameters/scope.ts';
import type { Options } from '../specs/options.ts';
import { createSpec, register, type About, type Spec, builderOf, checkSpec } from '../specs/registry.ts';
import type { BankParameter } from './bank.ts';
import type { ExpertPlace } from './units.ts';
import type { ParameterStore } from '../parameters/parameter-store.ts';

/** What a penalty is built with. */
export interface PenaltyBuilder extends Scope {
  /** The level's experts. */
  readonly experts: readonly ExpertPlace[];
  /** The experts' trained parameters; `members` are places in `experts`. */
  readonly parameters: readonly BankParameter[];
}

/** A built penalty: gives a loss, weighed as its configuration says. */
export type Penalty = () => tf.Scalar;

export type PenaltySpec<C = unknown> = Spec<'penalty', C>;

export type PenaltyDefinition<C> = (builder: PenaltyBuilder, config: C) => Penalty;

export interface DefinePenaltyOptions<C = unknown> extends About {
  /** A check for each option of the configuration. */
  options?: Options<C>;
}

/**
 * Defines a loss on the parameters of a level's experts: an architecture gives it to the level, the model adds it to the
 * tasks' losses under its name and shows it in the history.
 *
 * @param name how it is saved and shown; it can be taken once
 * @throws PolytaskError when the name is taken; the factory, when the configuration doesn't fit `options`
 * @example
 * export const ridge = definePenalty<{ weight: number }>('ridge', ({ parameters }, { weight }) => () =>
 *   tf.mul(weight, tf.addN(parameters.map((each) => tf.sum(tf.square(each.value()))))) as tf.Scalar,
 * );
 */
export function definePenalty<C>(
  name: string,
  build: PenaltyDefinition<C>,
  { options, ...about }: DefinePenaltyOptions<C> = {},
): (config: C) => PenaltySpec<C> {
  register('penalty', name, build, options, about);
  return (config) => createSpec('penalty', name, config);
}

export interface PenaltiesConfig {
  path: string;
  experts: readonly ExpertPlace[];
  parameters: readonly BankParameter[];
  penalties: readonly PenaltySpec[];
}

/** The penalties of a level, by the names under which their losses are shown. */
export const createPenalties = (store: ParameterStore, config: PenaltiesConfig): [string, Penalty][] =>
  config.penalties.map((spec) => {
    const { path, experts, parameters } = config;
    checkSpec('penalty', spec, path);
    const build = builderOf<PenaltyDefinition<unknown>>(spec);
    const scope = createScope(store, `${path}.${spec.name}`);
    return [spec.name, build({ ...scope, experts, parameters }, spec.config)];
  });
