import {
  checkSpec,
  define,
  definedIn,
  oneOf,
  optional,
  resolve,
  type Args,
  type Definition,
  type Filled,
  type FromDescription,
  type Read,
  type Spec,
  type Written,
} from '@polytask/components';
import { diagonal, type Matrix } from './algebra/solve.ts';
import type { Contract, GramianRule, JacobianRule, Json, LossRule, Random, Turning } from './contracts.ts';

declare const CONTRACT: unique symbol;

/** A balancer as plain JSON; see {@link defineLossBalancer}. Its contract is that of its definition, and only a type here. */
export interface BalancerSpec<K extends Contract = Contract, C extends object = object> extends Spec<'balancer', C> {
  readonly [CONTRACT]?: K;
}

export type AnyRule = LossRule<object, Json> | GramianRule<object, Json> | JacobianRule<object, Json>;

const everyGramian = {
  /**
   * `parameters`: gradients of all shared parameters, at the cost of one backward pass per task.
   * `representation`: gradients of the outputs of the last shared experts. Each task then runs only the layers above
   * backward, and the trunk runs backward once.
   */
  of: optional(oneOf('parameters', 'representation'), 'parameters'),
};

/** An option of every Gramian balancer that doesn't rotate. */
export interface GramianOptions extends Written<typeof everyGramian>, FromDescription {}

/** A balancer in comparisons. `polytask bench --balancers` accepts its name. */
export interface BalancerVariant<C> {
  readonly also?: readonly string[];
  readonly config?: Partial<C>;
}

export interface DefineBalancerOptions<O extends object> extends Definition<O> {
  /** The balancer in comparisons under its own name. Default without `variants`: `{}`, if all of its options have defaults. */
  readonly variant?: BalancerVariant<Written<O>>;
  /** The balancer in comparisons under other names. With `{}`, comparisons skip it. */
  readonly variants?: Readonly<Record<string, BalancerVariant<Written<O>>>>;
}

export type BalancerFactory<K extends Contract, O> = (...config: Args<O>) => BalancerSpec<K, Read<O>>;

function defined<K extends Contract, O extends object>(
  contract: K,
  name: string,
  rule: object,
  definition: DefineBalancerOptions<O> = {},
): BalancerFactory<K, O> {
  const options = Object.values<Partial<Filled>>({ ...definition.options });
  const isCompared = definition.variants === undefined && options.every(({ optional }) => optional);
  const about = { ...(isCompared && { variant: {} }), ...definition };
  return define('balancer', name, { ...rule, contract }, about, [
    'start',
    contract === 'jacobian' ? 'vector' : 'weights',
  ]);
}

/**
 * Defines a balancer that weighs losses. Its configuration and state are plain JSON.
 *
 * @param name the name of the balancer; it must be unique
 * @throws PolytaskError when the name is taken; the factory throws when the configuration doesn't fit `options`
 * @example
 * defineLossBalancer('largest', {
 *   start: () => null,
 *   needsLosses: true,
 *   weights: (_s, _c, _m, { losses }) => losses.map((l) => +(l === Math.max(...losses))),
 * })().name; // 'largest'
 */
export const defineLossBalancer = <S extends Json, O extends object = Record<never, never>>(
  name: string,
  rule: LossRule<Read<O>, S>,
  definition?: DefineBalancerOptions<O>,
): BalancerFactory<'losses', O> => defined('losses', name, rule, definition);

/**
 * Defines a balancer that weighs gradients by their inner products. Its result is always a weighted sum Σ w_i g_i. Unless its rule
 * rotates, it has the option `of`.
 *
 * @param name the name of the balancer; it must be unique
 * @throws PolytaskError when the name is taken; the factory throws when the configuration doesn't fit `options`
 * @example
 * defineGramianBalancer('unit', {
 *   start: () => null,
 *   weights: (_s, _c, _m, { gramian }) => gramian.map((row, i) => 1 / Math.sqrt(row[i])),
 * })().config; // { of: 'parameters' }
 */
export function defineGramianBalancer<S extends Json, O extends object = Record<never, never>>(
  name: string,
  rule: GramianRule<Read<O>, S>,
  { options, ...about }: DefineBalancerOptions<O> = {},
): BalancerFactory<'gramian', O & typeof everyGramian> {
  const all = { ...options, ...(rule.rotates === undefined && everyGramian) } as O & typeof everyGramian;
  return defined('gramian', name, rule, { ...about, options: all } as DefineBalancerOptions<typeof all>);
}

/**
 * Defines a balancer that combines the tasks' gradients to one vector, number by number.
 *
 * @param name the name of the balancer; it must be unique
 * @throws PolytaskError when the name is taken; the factory throws when the configuration doesn't fit `options`
 * @example
 * defineJacobianBalancer('first', { start: () => null, vector: (_s, _c, _m, { jacobian }) => jacobian[0] })().name; // 'first'
 */
export const defineJacobianBalancer = <S extends Json, O extends object = Record<never, never>>(
  name: string,
  rule: JacobianRule<Read<O>, S>,
  definition?: DefineBalancerOptions<O>,
): BalancerFactory<'jacobian', O> => defined('jacobian', name, rule, definition);

const PACKAGE = '@polytask/balancing';
export const defineLosses = definedIn(PACKAGE, defineLossBalancer);
export const defineGramian = definedIn(PACKAGE, defineGramianBalancer);
export const defineJacobian = definedIn(PACKAGE, defineJacobianBalancer);

export const definitionOf = (spec: BalancerSpec) =>
  resolve<{ readonly contract: Contract } & AnyRule>(checkSpec('balancer', spec, 'balancing'));

export interface BalancerNeeds {
  readonly contract: Contract;
  /** For the contract `gramian`: the variable of the gradients. */
  readonly of?: Read<typeof everyGramian>['of'];
  /** For a `gramian` balancer that also trains rotations of the representation. */
  readonly rotates?: Turning;
}

/**
 * What a balancer asks of a training step.
 *
 * @throws PolytaskError when the balancer is unknown, or its configuration doesn't fit
 * @example balancerNeeds(pcGrad({ of: 'representation' })); // { contract: 'gramian', of: 'representation' }
 */
export function balancerNeeds(spec: BalancerSpec): BalancerNeeds {
  const { builder, config } = definitionOf(spec);
  const { contract, ...rule } = builder;
  if (contract !== 'gramian') return { contract };
  const rotates = (rule as GramianRule<object, Json>).rotates?.(config);
  if (rotates) return { contract, of: 'representation', rotates };
  return { contract, of: (config as Read<typeof everyGramian>).of };
}

/** The square of float32's rounding. A gradient that is shorter, next to the longest, is what rounding left of a saturated loss. */
const ROUNDING = 2 ** -48;

/**
 * A rule without a state. Tasks with a gradient of 0, without a label or at their minimum, are left out and get weight 0. So are those
 * whose gradient is below float32's rounding of the longest one: a rule for equal shares would give them a weight of 1e17.
 */
export const overPresent = <C extends object>(
  weigh: (gramian: Matrix, config: C, random: Random) => readonly number[],
): GramianRule<C, null> => ({
  start: () => null,
  weights(_state, config, { random }, { gramian }) {
    const norms = diagonal(gramian);
    const least = ROUNDING * Math.max(...norms);
    const present = norms.flatMap((square, i) => (square > least ? [i] : []));
    const weights = norms.map(() => 0);
    if (present.length === 0) return weights;
    const own = weigh(
      present.map((i) => present.map((j) => gramian[i]![j]!)),
      config,
      random,
    );
    present.forEach((i, k) => (weights[i] = own[k]!));
    return weights;
  },
});
