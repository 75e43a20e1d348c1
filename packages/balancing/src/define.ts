import { builderOf, checkSpec, define, oneOf, type Definition, type Spec } from '@polytask/components';
import type { Contract, GradientsOf, GramianRule, JacobianRule, Json, LossRule, Turning } from './contracts.ts';

declare const CONTRACT: unique symbol;

/** A balancer as plain JSON; see {@link defineLossBalancer}. Its contract is that of its definition, and only a type here. */
export interface BalancerSpec<K extends Contract = Contract, C extends object = object> extends Spec<'balancer', C> {
  readonly [CONTRACT]?: K;
}

/** A rule of any contract, with untyped options and state. */
export type AnyRule = LossRule<object, Json> | GramianRule<object, Json> | JacobianRule<object, Json>;

/** An option of every Gramian balancer that doesn't rotate. */
export interface GramianOptions {
  /**
   * `parameters` (default): gradients of all shared parameters, at the cost of one backward pass per task.
   * `representation`: gradients of the outputs of the last shared experts. Each task then runs only the layers above
   * backward, and the trunk runs backward once.
   */
  of?: GradientsOf;
}

/** A balancer in comparisons. `polytask bench --balancers` accepts its name. */
export interface BalancerVariant<C = object> {
  /** A second name. */
  readonly alias?: string;
  /** Default: `{}`. */
  readonly config?: Partial<C>;
}

/** Options of {@link defineLossBalancer} and its like. */
export interface DefineBalancerOptions<C> extends Definition<C> {
  /** The balancer in comparisons, by name. Without them, comparisons skip the balancer. */
  readonly variants?: Readonly<Record<string, BalancerVariant<C>>>;
}

const gradientsOf = oneOf('parameters', 'representation');

/** The contract is beside the functions, so that the registry compares the text of each. */
const defined = (contract: Contract, rule: object) => ({ ...rule, contract });

/**
 * Defines a balancer that weighs losses. Its configuration and state are plain JSON.
 *
 * @param name the name of the balancer; it must be unique
 * @returns a factory of specs
 * @throws PolytaskError when the name is taken; the factory throws when the configuration doesn't fit `options`
 * @example
 * defineLossBalancer('largest', {
 *   start: () => null,
 *   needsLosses: true,
 *   weights: (_s, _c, _m, { losses }) => losses.map((l) => +(l === Math.max(...losses))),
 * })().name; // 'largest'
 */
export const defineLossBalancer = <C extends object, S extends Json>(
  name: string,
  rule: LossRule<C, S>,
  options?: DefineBalancerOptions<C>,
): ((config?: Partial<C>) => BalancerSpec<'losses', C>) => define('balancer', name, defined('losses', rule), options);

/**
 * Defines a balancer that weighs gradients by their inner products. Its result is always a weighted sum Σ w_i g_i. Unless its rule
 * rotates, it has the option `of`.
 *
 * @param name the name of the balancer; it must be unique
 * @returns a factory of specs
 * @throws PolytaskError when the name is taken; the factory throws when the configuration doesn't fit `options`
 * @example
 * defineGramianBalancer('unit', {
 *   start: () => null,
 *   weights: (_s, _c, _m, { gramian }) => gramian.map((row, i) => 1 / Math.sqrt(row[i])),
 * })().config; // { of: 'parameters' }
 */
export function defineGramianBalancer<C extends object, S extends Json>(
  name: string,
  rule: GramianRule<C, S>,
  { options, defaults, ...about }: DefineBalancerOptions<Omit<C, 'of'>> = {},
): (config?: Partial<C & GramianOptions>) => BalancerSpec<'gramian', C> {
  const of = rule.rotates === undefined && { of: gradientsOf };
  return define('balancer', name, defined('gramian', rule), {
    ...about,
    ...(options && { options: { ...options, ...of } as Definition<C>['options'] & object }),
    defaults: { ...(of && { of: 'parameters' }), ...defaults } as Partial<C>,
  });
}

/**
 * Defines a balancer that combines the tasks' gradients to one vector, number by number.
 *
 * @param name the name of the balancer; it must be unique
 * @returns a factory of specs
 * @throws PolytaskError when the name is taken; the factory throws when the configuration doesn't fit `options`
 * @example
 * defineJacobianBalancer('first', { start: () => null, vector: (_s, _c, _m, { jacobian }) => jacobian[0] })().name; // 'first'
 */
export const defineJacobianBalancer = <C extends object, S extends Json>(
  name: string,
  rule: JacobianRule<C, S>,
  options?: DefineBalancerOptions<C>,
): ((config?: Partial<C>) => BalancerSpec<'jacobian', C>) =>
  define('balancer', name, defined('jacobian', rule), options);

/** The contract and the rule of a spec. @throws PolytaskError when the balancer is unknown, or its configuration doesn't fit */
export const definitionOf = (spec: BalancerSpec): { readonly contract: Contract } & AnyRule =>
  builderOf(checkSpec('balancer', spec, 'balancing'));

/** What a balancer asks of a training step. */
export interface BalancerNeeds {
  readonly contract: Contract;
  /** For the contract `gramian`: the variable of the gradients. */
  readonly of?: GradientsOf;
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
  const { contract, ...rule } = definitionOf(spec);
  if (contract !== 'gramian') return { contract };
  const rotates = (rule as GramianRule<object, Json>).rotates?.(spec.config);
  if (rotates) return { contract, of: 'representation', rotates };
  const { of = 'parameters' } = spec.config as GramianOptions;
  return { contract, of: gradientsOf(of, `${spec.name}.of`) };
}
