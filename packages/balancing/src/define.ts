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

/** A rule whose options and state nobody outside knows. */
export type AnyRule = LossRule<object, Json> | GramianRule<object, Json> | JacobianRule<object, Json>;

/** An option of every Gramian balancer. */
export interface GramianOptions {
  /**
   * `parameters` (default): all that tasks share, at the cost of a backward pass a task. `representation`: what the experts
   * give that several tasks reach last, so that only what is above is passed once a task, and the trunk once.
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
 * @returns the factory of its descriptions
 * @throws BalancingError when the name is taken
 * @example
 * defineLossBalancer('largest', { start: () => null, needsLosses: true, weights: (_s, _c, _m, { losses }) => losses.map((l) => +(l === Math.max(...losses))) })({}).contract; // 'losses'
 */
export function defineLossBalancer<C extends object, S extends Json>(
  kind: string,
  rule: LossRule<C, S>,
): (config: C) => BalancerSpec<'losses'> {
  add(kind, 'losses', rule as unknown as AnyRule);
  return (config) => ({ kind, contract: 'losses', config });
}

/**
 * Defines a balancer that weighs gradients by their inner products. Whatever it does, Σ w_i g_i is all it can give.
 *
 * @returns the factory of its descriptions
 * @throws BalancingError when the name is taken
 * @example
 * defineGramianBalancer('unit', { start: () => null, weights: (_s, _c, _m, { gramian }) => gramian.map((row, i) => 1 / Math.sqrt(row[i])) })({}).of; // 'parameters'
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
 * Defines a balancer that makes one vector of the tasks' gradients, number by number.
 *
 * @returns the factory of its descriptions
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
  if (before && textOf(before) !== textOf(rule)) {
    throw new BalancingError('a new name for the balancer', `"${kind}", which is taken`, 'Choose another name.');
  }
  rules.set(kind, { contract, rule });
}

/** The same source text twice is one definition in a module that was loaded twice. */
const textOf = (rule: AnyRule): string => Object.values(rule).map(String).join();

/**
 * The names of all balancers that are defined.
 *
 * @example balancerKinds().includes('pcgrad'); // true
 */
export const balancerKinds = (): string[] => [...rules.keys()];

/**
 * All balancers that are defined, with what their definitions say, in the order of their definition.
 *
 * @example definedBalancers().find(({ kind }) => kind === 'pcgrad').paper; // 'Yu et al., NeurIPS 2020'
 */
export const definedBalancers = (): (AboutBalancer & { readonly kind: string; readonly contract: Contract })[] =>
  [...rules].map(([kind, { contract, rule }]) => ({
    kind,
    contract,
    ...(rule.description !== undefined && { description: rule.description }),
    ...(rule.paper !== undefined && { paper: rule.paper }),
    ...(rule.alias !== undefined && { alias: rule.alias }),
    ...(rule.default && { default: rule.default }),
  }));

/** The rule of a description. */
export function ruleOf(spec: BalancerSpec): AnyRule {
  if (typeof spec !== 'object' || spec === null || typeof spec.kind !== 'string') {
    throw new BalancingError('a balancer', shown(spec), 'Pass one, such as pcGrad().');
  }
  const known = rules.get(spec.kind);
  if (!known) {
    throw new BalancingError(
      'a known balancer',
      `"${spec.kind}"`,
      `Known: ${[...rules.keys()].join(', ')}. Import the file that defines it first.`,
    );
  }
  if (known.contract !== spec.contract) {
    throw new BalancingError(
      `"${known.contract}" as the contract of ${spec.kind}`,
      shown(spec.contract),
      `Make it by its factory.`,
    );
  }
  return known.rule;
}
