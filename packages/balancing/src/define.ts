import { BalancingError, shown } from './balancing-error.ts';
import type {
  AboutBalancer,
  BalancerSpec,
  Contract,
  GradientsOf,
  GramianRule,
  JacobianRule,
  Json,
  LossRule,
} from './contracts.ts';

/** A rule of any contract, with untyped options and state. */
export type AnyRule = LossRule<object, Json> | GramianRule<object, Json> | JacobianRule<object, Json>;

/** An option of every Gramian balancer. */
export interface GramianOptions {
  /**
   * `parameters` (default): gradients of all shared parameters, at the cost of one backward pass per task.
   * `representation`: gradients of the outputs of the last shared experts. Each task then runs only the layers above
   * backward, and the trunk runs backward once.
   */
  of?: GradientsOf;
}

type Rules = Map<string, { readonly contract: Contract; readonly rule: AnyRule }>;

/** The program's, not the module's: two copies of this package share it. */
const rules = ((globalThis as { [key: symbol]: Rules | undefined })[Symbol.for('@polytask/balancing/rules')] ??=
  new Map());

/**
 * Defines a balancer that weighs losses. Its configuration and state are plain JSON.
 *
 * @param kind the name of the balancer; it must be unique
 * @returns a factory of descriptions
 * @throws BalancingError when the name is taken
 * @example
 * defineLossBalancer('largest', {
 *   start: () => null,
 *   needsLosses: true,
 *   weights: (_s, _c, _m, { losses }) => losses.map((l) => +(l === Math.max(...losses))),
 * })({}).contract; // 'losses'
 */
export function defineLossBalancer<C extends object, S extends Json>(
  kind: string,
  rule: LossRule<C, S>,
): (config: C) => BalancerSpec<'losses'> {
  add(kind, 'losses', rule as unknown as AnyRule);
  return (config) => ({ kind, contract: 'losses', config });
}

/**
 * Defines a balancer that weighs gradients by their inner products. Its result is always a weighted sum Σ w_i g_i.
 *
 * @param kind the name of the balancer; it must be unique
 * @returns a factory of descriptions
 * @throws BalancingError when the name is taken; the factory throws when `of` is invalid
 * @example
 * defineGramianBalancer('unit', {
 *   start: () => null,
 *   weights: (_s, _c, _m, { gramian }) => gramian.map((row, i) => 1 / Math.sqrt(row[i])),
 * })({}).of; // 'parameters'
 */
export function defineGramianBalancer<C extends object, S extends Json>(
  kind: string,
  rule: GramianRule<C, S>,
): (config: C, options?: GramianOptions) => BalancerSpec<'gramian'> {
  add(kind, 'gramian', rule as unknown as AnyRule);
  return (config, { of = 'parameters' } = {}) => {
    if (of !== 'parameters' && of !== 'representation') {
      throw new BalancingError(`'parameters' or 'representation' for ${kind}.of`, shown(of), 'Pass one of the two.');
    }
    return { kind, contract: 'gramian', of, config };
  };
}

/**
 * Defines a balancer that combines the tasks' gradients to one vector, number by number.
 *
 * @param kind the name of the balancer; it must be unique
 * @returns a factory of descriptions
 * @throws BalancingError when the name is taken
 * @example
 * defineJacobianBalancer('first', { start: () => null, vector: (_s, _c, _m, { jacobian }) => jacobian[0] })({}).kind; // 'first'
 */
export function defineJacobianBalancer<C extends object, S extends Json>(
  kind: string,
  rule: JacobianRule<C, S>,
): (config: C) => BalancerSpec<'jacobian'> {
  add(kind, 'jacobian', rule as unknown as AnyRule);
  return (config) => ({ kind, contract: 'jacobian', config });
}

function add(kind: string, contract: Contract, rule: AnyRule): void {
  const before = rules.get(kind)?.rule;
  const again =
    before && before.package === rule.package && (rule.package !== undefined || textOf(before) === textOf(rule));
  if (before && !again) {
    throw new BalancingError('a new name for the balancer', `"${kind}", which is taken`, 'Choose another name.');
  }
  rules.set(kind, { contract, rule });
}

/** The same source text twice is one definition in a module that was loaded twice. */
const textOf = (rule: AnyRule): string => Object.values(rule).map(String).join();

/**
 * The names of all defined balancers.
 *
 * @example balancerKinds().includes('pcgrad'); // true
 */
export const balancerKinds = (): string[] => [...rules.keys()];

/**
 * All defined balancers with their descriptions, in the order of their definition.
 *
 * @example definedBalancers().find(({ kind }) => kind === 'pcgrad').paper; // 'Yu et al., NeurIPS 2020'
 */
export const definedBalancers = (): (AboutBalancer & { readonly kind: string; readonly contract: Contract })[] =>
  [...rules].map(([kind, { contract, rule }]) => ({
    kind,
    contract,
    ...(rule.package !== undefined && { package: rule.package }),
    ...(rule.description !== undefined && { description: rule.description }),
    ...(rule.paper !== undefined && { paper: rule.paper }),
    ...(rule.alias !== undefined && { alias: rule.alias }),
    ...(rule.default && { default: rule.default }),
  }));

/** Returns the rule of a description. Throws when the balancer is unknown. */
export function ruleOf(spec: BalancerSpec): AnyRule {
  if (typeof spec !== 'object' || spec === null || typeof spec.kind !== 'string') {
    throw new BalancingError('a balancer', shown(spec), 'Pass one, such as pcGrad().');
  }
  const entry = rules.get(spec.kind);
  if (!entry) {
    throw new BalancingError(
      'a known balancer',
      `"${spec.kind}"`,
      `Known: ${[...rules.keys()].join(', ')}. Import the file that defines it first.`,
    );
  }
  if (entry.contract !== spec.contract) {
    throw new BalancingError(
      `"${entry.contract}" as the contract of ${spec.kind}`,
      shown(spec.contract),
      `Make it by its factory.`,
    );
  }
  return entry.rule;
}
